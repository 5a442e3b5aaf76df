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

{{ divided_over_places("numbered") }}

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
