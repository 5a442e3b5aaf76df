-- What each agency bought for each place, from its ledger and cards whichever account counts for it: placed and
-- consolidated as the count is, inside the one layer. A payment to another body of the place leaves where that body's
-- own ledger is in: what it bought with the money stands there. Money that buys nothing is not here.
with bought as (
    select
        flows.agency_slug,
        flows.financial_year,
        flows.flow,
        flows.place_code as recorded_place,
        case when flows.place_code is not null then coalesce(flows.method_grade, 'A') end as recorded_grade,
        flows.purchase_category,
        flows.purchase_grade,
        flows.transfer_kind,
        flows.counterparty_agency,
        cast(sum({{ pence("flows.amount_gbp") }}) as hugeint) as group_pence
    from {{ ref("int_flow__decided") }} as flows
    inner join {{ ref("seed_purchase_categories") }} as categories
        on flows.purchase_category = categories.purchase_category and categories.is_purchase
    group by all
),

numbered as (
    select
        *,
        row_number() over () as group_id
    from bought
),

{{ divided_over_places("numbered") }},

{{ reasoned_among_ledgers("parts") }}

select
    place_code,
    financial_year,
    agency_slug,
    purchase_category,
    purchase_grade,
    method_grade,
    {{ treatment_of(reason_within("is_payee_inside", "reason_inside")) }} as treatment,
    cast(sum(part_pence) as hugeint) as purchase_pence
from reasoned
group by all
