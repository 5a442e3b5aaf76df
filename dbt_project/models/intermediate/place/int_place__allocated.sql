-- The one place where money is divided over places: the counting rows of every agency and year, at a grain fine
-- enough for every mart to sum from. Place first (recorded; else the only place of the payee, where the payer serves
-- it among several or serves none; else the payer's weights).
with counted as (
    select
        flows.agency_slug,
        flows.financial_year,
        flows.layer,
        flows.account_kind as kind,
        flows.flow,
        flows.capital_or_revenue,
        flows.expenditure_basis,
        flows.place_basis,
        flows.place_code as recorded_place,
        case when flows.place_code is not null then coalesce(flows.method_grade, 'A') end as recorded_grade,
        flows.service_code,
        flows.classification_grade,
        flows.economic_type,
        flows.funding_route,
        flows.funding_stream,
        flows.route_grade,
        flows.directed_by,
        flows.is_ringfenced,
        flows.discretion,
        flows.delivery_mode,
        flows.transfer_kind,
        coalesce(flows.transfer_grade, '') <> 'payee_resolved' as is_kind_stated,
        flows.counterparty_agency,
        flows.payee_class,
        cast(sum(flows.line_count) as bigint) as flow_count,
        cast(sum({{ pence("flows.amount_gbp") }}) as hugeint) as group_pence
    from {{ ref("int_flow__sums") }} as flows
    inner join {{ ref("int_agency__counting_layer") }} as counting
        on flows.agency_slug = counting.agency_slug
            and flows.financial_year = counting.financial_year
            and flows.account_kind = counting.kind
    where flows.flow in ('outlay', 'income')
    group by all
),

numbered as (
    select
        *,
        row_number() over () as group_id
    from counted
),

places_of_agency as (
    select
        agency_slug,
        financial_year,
        list(place_code) as place_codes
    from {{ ref("int_agency__places_served") }}
    where place_code <> 'UNALLOCATED'
    group by agency_slug, financial_year
),

ruled as (
    select
        numbered.*,
        case
            when numbered.recorded_place is not null then 'recorded'
            when
                numbered.flow = 'outlay' and len(payee.place_codes) = 1
                and (
                    payer.place_codes is null
                    or (len(payer.place_codes) > 1 and list_contains(payer.place_codes, payee.place_codes[1]))
                ) then 'payee_place'
            else 'apportioned'
        end as place_rule,
        payee.place_codes[1] as payee_place
    from numbered
    left join places_of_agency as payee
        on numbered.counterparty_agency = payee.agency_slug
            and numbered.financial_year = payee.financial_year
    left join places_of_agency as payer
        on numbered.agency_slug = payer.agency_slug
            and numbered.financial_year = payer.financial_year
),

shares as (
    select
        ruled.* exclude (recorded_place, recorded_grade, payee_place),
        case place_rule
            when 'recorded' then ruled.recorded_place
            when 'payee_place' then ruled.payee_place
            else weights.place_code
        end as place_code,
        case place_rule
            when 'recorded' then case when recorded_place = 'UNALLOCATED' then 'E' else ruled.recorded_grade end
            when 'payee_place' then 'B'
            else weights.method_grade
        end as method_grade,
        case when place_rule = 'apportioned' then weights.driver else place_rule end as driver,
        weights.driver_vintage,
        coalesce(weights.weight_units, 1) as weight_units,
        coalesce(weights.total_units, 1) as total_units
    from ruled
    left join {{ ref("int_agency__place_weights") }} as weights
        on ruled.place_rule = 'apportioned'
            and ruled.agency_slug = weights.agency_slug
            and ruled.financial_year = weights.financial_year
),

parts as (
    {{ largest_remainder("shares", "group_id", "group_pence", "weight_units", "total_units", "place_code") }}
)

select
    parts.* exclude (group_id, group_pence, weight_units, total_units, place_basis, part_pence),
    case
        when parts.place_basis is not null then parts.place_basis
        when parts.place_rule = 'apportioned' and parts.place_code <> 'UNALLOCATED' then 'for'
        else 'not_stated'
    end as place_basis,
    cast(parts.part_pence as bigint) as amount_pence,
    {{ pounds("parts.part_pence") }} as amount_gbp
from parts
where parts.part_pence <> 0
