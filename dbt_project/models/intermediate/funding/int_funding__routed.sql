-- Counted income and consolidated outlay with the route decided: as the return says; else the usual route of the named
-- grant (`grant_rule`); else the one route by which agencies of the type are funded (`agency_rule`); else unknown.
with income as (
    select
        place_code,
        financial_year,
        'income' as flow,
        income_entry,
        named_origin,
        funding_route,
        funding_stream,
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
        funding_stream,
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

decided as (
    select
        united.* exclude (funding_route, route_grade),
        case
            when united.funding_route <> 'unknown' then united.funding_route
            else coalesce(streams.funding_route, by_type.funding_route, 'unknown')
        end as funding_route,
        case
            when united.funding_route <> 'unknown' then united.route_grade
            when streams.funding_route is not null then 'grant_rule'
            when by_type.funding_route is not null then 'agency_rule'
            else 'unknown'
        end as route_grade
    from united
    left join {{ ref("stg_registry__funding_streams") }} as streams on united.funding_stream = streams.funding_stream
    left join {{ ref("stg_registry__agencies") }} as agencies on united.agency_slug = agencies.agency_slug
    left join {{ ref("seed_agency_funding") }} as by_type on agencies.agency_type = by_type.agency_type
)

select
    decided.place_code,
    decided.financial_year,
    decided.flow,
    decided.income_entry,
    coalesce(decided.named_origin, routes.origin, 'not known') as origin,
    decided.funding_route,
    decided.funding_stream,
    routes.directed_by,
    case when decided.discretion = 'ringfenced' then true else routes.is_ringfenced end as is_ringfenced,
    decided.agency_slug,
    decided.delivery_mode,
    decided.payee_class,
    decided.capital_or_revenue,
    decided.expenditure_basis,
    decided.is_internal,
    decided.route_grade,
    cast(sum(decided.money_pence) as bigint) as money_pence
from decided
left join {{ ref("stg_registry__funding_routes") }} as routes on decided.funding_route = routes.funding_route
group by all
