-- Origin -> route -> agency -> delivery mode -> payee class as links between nodes, fit for a Sankey diagram: what runs
-- into a node runs out of it. An agency's difference is a link of its own: assumed to come by the one route its type is
-- funded by where it states no income, else reserves and unexplained.
with links as (
    select * from {{ ref("int_funding__links") }}
),

stated as (
    select place_code, financial_year, step, source_node, target_node, route_grade, money_pence from links
    union all by name
    select place_code, financial_year, 'origin_to_route' as step, beyond_node as source_node, source_node as target_node,
        route_grade, money_pence
    from links
    where step = 'route_to_agency'
    union all by name
    select place_code, financial_year, 'mode_to_payee' as step, target_node as source_node, beyond_node as target_node,
        route_grade, money_pence
    from links
    where step = 'agency_to_mode'
),

ends as (
    select place_code, financial_year, source_node as node, -money_pence as money_pence from links
    union all by name
    select place_code, financial_year, target_node as node, money_pence from links
),

differences as (
    select
        place_code,
        financial_year,
        node,
        substr(node, 9) as agency_slug,
        sum(money_pence) as left_pence
    from ends
    where node like 'agency: %'
    group by place_code, financial_year, node
    having sum(money_pence) <> 0
),

with_income as (
    select distinct
        financial_year,
        agency_slug
    from {{ ref("int_funding__routed") }}
    where income_entry = 'received'
),

balances as (
    select
        differences.*,
        routes.funding_route,
        routes.origin,
        differences.left_pence < 0 and with_income.agency_slug is null and routes.funding_route is not null as is_assumed
    from differences
    left join with_income
        on differences.financial_year = with_income.financial_year and differences.agency_slug = with_income.agency_slug
    left join {{ ref("stg_registry__agencies") }} as agencies on differences.agency_slug = agencies.agency_slug
    left join {{ ref("seed_agency_funding") }} as by_type on agencies.agency_type = by_type.agency_type
    left join {{ ref("stg_registry__funding_routes") }} as routes on by_type.funding_route = routes.funding_route
),

balancing as (
    select place_code, financial_year, 'route_to_agency' as step, 'route: ' || funding_route as source_node,
        node as target_node, 'agency_rule' as route_grade, true as is_assumed, -left_pence as money_pence
    from balances
    where is_assumed
    union all by name
    select place_code, financial_year, 'origin_to_route' as step, 'origin: ' || origin as source_node,
        'route: ' || funding_route as target_node, 'agency_rule' as route_grade, true as is_assumed,
        -left_pence as money_pence
    from balances
    where is_assumed
    union all by name
    select place_code, financial_year, 'balance' as step,
        case when left_pence < 0 then 'balance: drawn from reserves and unexplained' else node end as source_node,
        case when left_pence < 0 then node else 'balance: left in reserves and unexplained' end as target_node,
        'not_applicable' as route_grade, false as is_assumed, abs(left_pence) as money_pence
    from balances
    where not is_assumed
),

united as (
    select *, false as is_assumed from stated
    union all by name
    select * from balancing
)

select
    united.place_code,
    any_value(places.place_name) as place_name,
    united.financial_year,
    united.step,
    united.source_node,
    united.target_node,
    any_value(routes.directed_by) as directed_by,
    united.route_grade,
    united.is_assumed,
    {{ pounds("sum(united.money_pence)") }} as amount_gbp
from united
left join {{ ref("dim_place") }} as places on united.place_code = places.place_code
left join {{ ref("stg_registry__funding_routes") }} as routes
    on united.step in ('origin_to_route', 'route_to_agency')
        and 'route: ' || routes.funding_route in (united.source_node, united.target_node)
group by united.place_code, united.financial_year, united.step, united.source_node, united.target_node,
    united.route_grade, united.is_assumed
