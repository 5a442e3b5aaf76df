-- The places of the money of each kind of payment (`kind_no` of int_supplier__decisions), by the rules of
-- int_place__allocated: the place recorded; else the only place of the payee, where the payer serves it among several
-- or serves none; else the payer's weights. Once for a kind, however many suppliers are paid so. Place and year
-- (`site_no`) and payer and year (`payer_no`) have numbers, which suppliers are shared by.
with kinds as (
    select distinct
        'outlay' as flow,
        kind_no,
        ledger_no,
        agency_slug,
        financial_year,
        recorded_place,
        recorded_grade,
        transfer_kind,
        counterparty_agency
    from {{ ref("int_supplier__decisions") }}
),

{{ ruled_places("kinds") }},

placed as (
    select
        ruled.kind_no,
        ruled.ledger_no,
        ruled.agency_slug,
        coalesce(bodies.payer_slug, ruled.agency_slug) as payer_slug,
        ruled.financial_year,
        ruled.transfer_kind,
        ruled.counterparty_agency,
        coalesce(
            ruled.recorded_place, case when ruled.place_rule = 'payee_place' then ruled.payee_place end,
            weights.place_code
        ) as place_code,
        case ruled.place_rule
            when 'recorded' then coalesce(ruled.recorded_grade, 'A')
            when 'payee_place' then 'B'
            else weights.method_grade
        end as method_grade,
        coalesce(weights.weight_units, 1) as weight_units,
        coalesce(weights.total_units, 1) as total_units
    from ruled
    left join {{ ref("int_agency__place_weights") }} as weights
        on ruled.place_rule = 'apportioned'
            and ruled.agency_slug = weights.agency_slug
            and ruled.financial_year = weights.financial_year
    left join {{ ref("int_supplier__payer_bodies") }} as bodies
        on ruled.agency_slug = bodies.agency_slug
            and ruled.financial_year = bodies.financial_year
)

select
    *,
    count(*) over (partition by kind_no) as place_count,
    cast(dense_rank() over (order by financial_year, place_code) as integer) as site_no,
    -- among the payers of a year, in the order of their names
    cast(dense_rank() over (order by financial_year, payer_slug) as integer) as payer_no
from placed
