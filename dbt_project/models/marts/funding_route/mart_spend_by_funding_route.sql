-- How money arrives in a place (income) and how it leaves (outlay, consolidated money only). Resources in are the
-- income rows that are not internal; what a collector hands on is a negative income row.
select
    routed.place_code,
    any_value(places.place_name) as place_name,
    routed.financial_year,
    routed.flow,
    routed.income_entry,
    routed.origin,
    routed.funding_route,
    routed.directed_by,
    routed.is_ringfenced,
    routed.agency_slug,
    routed.delivery_mode,
    routed.payee_class,
    routed.capital_or_revenue,
    routed.expenditure_basis,
    routed.is_internal,
    routed.route_grade,
    {{ pounds("sum(routed.money_pence)") }} as amount_gbp
from {{ ref("int_funding__routed") }} as routed
left join {{ ref("dim_place") }} as places on routed.place_code = places.place_code
group by
    routed.place_code, routed.financial_year, routed.flow, routed.income_entry, routed.origin, routed.funding_route,
    routed.directed_by, routed.is_ringfenced, routed.agency_slug, routed.delivery_mode, routed.payee_class,
    routed.capital_or_revenue, routed.expenditure_basis, routed.is_internal, routed.route_grade
