-- What each payer of a shared supplier paid it for, by service and purchase category (`purpose_no` of
-- int_supplier__decisions): months, number of payments, and money for the order of the list alone. Not divided over
-- places. Only the lines of these payers and suppliers are summed.
with bodies as (
    select
        decisions.decision_key,
        decisions.purpose_no,
        decisions.financial_year,
        coalesce(bodies.payer_slug, decisions.agency_slug) as agency_slug
    from {{ ref("int_supplier__decisions") }} as decisions
    left join {{ ref("int_supplier__payer_bodies") }} as bodies
        on decisions.agency_slug = bodies.agency_slug
            and decisions.financial_year = bodies.financial_year
    where decisions.transfer_kind is null and decisions.counterparty_agency is null
),

payers as (
    select distinct
        financial_year,
        agency_slug
    from {{ ref("int_supplier__payers") }}
),

years as (
    select
        financial_year,
        agency_slug,
        cast(row_number() over (order by financial_year, agency_slug) as integer) as body_no
    from payers
),

decisions as (
    select
        bodies.decision_key,
        bodies.purpose_no,
        years.body_no,
        {{ year_start("years.financial_year") }} as first_day
    from bodies
    inner join years
        on bodies.financial_year = years.financial_year
            and bodies.agency_slug = years.agency_slug
),

payees as (
    select
        payee_no,
        {{ supplier_key("resolved_supplier_id") }} as supplier_key
    from {{ ref("int_flow__payees") }}
    where {{ supplier_key("resolved_supplier_id") }} in (select supplier_key from {{ ref("int_supplier__payers") }})
),

shared as (
    select distinct
        payers.payer_key,
        payers.supplier_key,
        years.body_no
    from {{ ref("int_supplier__payers") }} as payers
    inner join years
        on payers.financial_year = years.financial_year
            and payers.agency_slug = years.agency_slug
)

select
    shared.payer_key,
    decisions.purpose_no,
    {{ month_bits("lines.payment_date", "decisions.first_day") }} as month_set,
    count(*) as payment_count,
    cast(sum({{ pence("lines.amount_gbp") }}) as bigint) as paid_pence
from {{ ref("int_flow__lines") }} as lines
inner join decisions on lines.decision_key = decisions.decision_key
inner join payees on lines.payee_no = payees.payee_no
inner join shared
    on payees.supplier_key = shared.supplier_key
        and decisions.body_no = shared.body_no
group by shared.payer_key, decisions.purpose_no
