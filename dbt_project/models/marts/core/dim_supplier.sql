-- One row per exact payee key. A name is shown only where the payee itself is known to be a body (an agency of the
-- registry, or a legal form in its name) and no spelling of it holds the title of a person or a trading name.
with keys as (
    select
        payee_key,
        min(payee_name) as shown_name,
        min(name_class) as name_class,
        bool_or(
            name_class in ('redacted', 'placeholder')
            or {{ names_a_person("payee_name") }}
        ) as is_withheld,
        count(*) as spelling_count
    from {{ ref("int_flow__payees") }}
    where payee_key is not null
    group by payee_key
),

resolved as (
    select
        payee_key,
        max_by(agency_slug, known_date) as agency_slug,
        max_by(public_body_id, known_date) as public_body_id
    from {{ ref("int_flow__payee_agencies") }}
    group by payee_key
),

paid as (
    select distinct
        payee_key,
        true as is_public_body
    from {{ ref("int_flow__from_spend") }}
    where payee_class = 'public_body' and payee_key is not null
),

-- an exact key whose names were told several suppliers (numbers of a register part them) goes with the surest
linked as (
    select
        payees.payee_key,
        min_by(names, (-names.score, names.supplier_id)) as link
    from {{ ref("int_flow__payees") }} as payees
    inner join {{ ref("stg_intake__supplier_names") }} as names on payees.payee_name = names.payee_name
    where payees.payee_key is not null
    group by payees.payee_key
),

decided as (
    select
        keys.payee_key,
        keys.spelling_count,
        linked.link,
        resolved.agency_slug,
        resolved.public_body_id,
        case when paid.is_public_body then 'public_body' else keys.name_class end as payee_class,
        case
            when keys.is_withheld then null
            when resolved.payee_key is not null or keys.name_class in ('company', 'charity') then keys.shown_name
        end as supplier_name
    from keys
    left join resolved on keys.payee_key = resolved.payee_key
    left join paid on keys.payee_key = paid.payee_key
    left join linked on keys.payee_key = linked.payee_key
)

select
    md5(payee_key) as supplier_id,
    supplier_name,
    payee_class,
    agency_slug,
    public_body_id,
    cast(spelling_count as bigint) as spelling_count,
    coalesce(link.supplier_id, md5(payee_key)) as resolved_supplier_id,
    link.method as resolution_method,
    link.score as resolution_score
from decided
