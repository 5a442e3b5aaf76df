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

ledgers as (
    select distinct
        agency_slug,
        financial_year
    from {{ ref("int_agency__layer_totals") }}
    where layer = 'transactions' and outlay_count > 0
),

-- A ledger prints what was paid, never net of a receipt.
facts as (
    select
        parts.*,
        perimeter.agency_slug is not null as is_payee_inside,
        ledgers.agency_slug is not null as is_payee_returned,
        false as is_payee_net,
        false as is_listed_gross,
        false as is_listed_by_name,
        false as is_listed_by_route
    from parts
    left join {{ ref("int_place__perimeter") }} as perimeter
        on parts.place_code = perimeter.place_code
            and parts.financial_year = perimeter.financial_year
            and parts.counterparty_agency = perimeter.agency_slug
    left join ledgers
        on parts.counterparty_agency = ledgers.agency_slug
            and parts.financial_year = ledgers.financial_year
),

reasoned as (
    select
        *,
        {{ reason_if_inside() }} as reason_inside
    from facts
)

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
