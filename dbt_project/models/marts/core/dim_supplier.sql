-- One row per exact payee key. A name is shown only where the payee is a body: the rest may be people.
with keys as (
    select
        payees.payee_key,
        min(payees.payee_name) as shown_name,
        bool_or(payees.name_class in ('redacted', 'placeholder')) as is_withheld,
        min(payees.name_class) as name_class,
        count(*) as spelling_count
    from {{ ref("int_flow__payees") }} as payees
    where payees.payee_key is not null
    group by payees.payee_key
),

classed as (
    select
        flows.payee_key,
        bool_or(flows.payee_class = 'public_body') as is_public_body,
        max(flows.counterparty_agency) filter (where flows.transfer_grade = 'payee_resolved') as agency_slug
    from {{ ref("int_flow__from_spend") }} as flows
    where flows.payee_key is not null
    group by flows.payee_key
),

decided as (
    select
        keys.payee_key,
        keys.shown_name,
        keys.spelling_count,
        classed.agency_slug,
        case
            when classed.is_public_body then 'public_body'
            when keys.is_withheld then keys.name_class
            else keys.name_class
        end as payee_class
    from keys
    left join classed on keys.payee_key = classed.payee_key
)

select
    md5(payee_key) as supplier_id,
    case when payee_class in ('public_body', 'company', 'charity') then shown_name end as supplier_name,
    payee_class,
    agency_slug,
    cast(spelling_count as bigint) as spelling_count
from decided
