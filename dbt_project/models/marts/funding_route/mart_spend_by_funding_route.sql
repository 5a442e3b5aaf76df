-- How money arrives in a place (income) and how it leaves (outlay, consolidated money only). Resources in are the
-- income rows that are not internal; what a collector hands on is a negative income row.
with income as (
    select
        place_code,
        financial_year,
        'income' as flow,
        income_entry,
        named_origin,
        funding_route,
        agency_slug,
        delivery_mode,
        'not_applicable' as payee_class,
        route_grade,
        discretion,
        capital_or_revenue,
        expenditure_basis,
        is_internal,
        income_pence as money_pence
    from {{ ref("int_count__income") }}
),

outlays as (
    select
        place_code,
        financial_year,
        'outlay' as flow,
        'spent' as income_entry,
        cast(null as varchar) as named_origin,
        funding_route,
        agency_slug,
        delivery_mode,
        payee_class,
        route_grade,
        discretion,
        capital_or_revenue,
        expenditure_basis,
        false as is_internal,
        consolidated_pence as money_pence
    from {{ ref("int_count__treated") }}
    where treatment <> 'eliminated'
),

united as (
    select * from income
    union all by name
    select * from outlays
),

routed as (
    select
        united.*,
        coalesce(united.named_origin, routes.origin, 'not known') as origin,
        routes.directed_by,
        case when united.discretion = 'ringfenced' then true else routes.is_ringfenced end as is_ringfenced
    from united
    left join {{ ref("stg_registry__funding_routes") }} as routes on united.funding_route = routes.funding_route
)

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
from routed
left join {{ ref("dim_place") }} as places on routed.place_code = places.place_code
group by
    routed.place_code, routed.financial_year, routed.flow, routed.income_entry, routed.origin, routed.funding_route,
    routed.directed_by, routed.is_ringfenced, routed.agency_slug, routed.delivery_mode, routed.payee_class,
    routed.capital_or_revenue, routed.expenditure_basis, routed.is_internal, routed.route_grade
