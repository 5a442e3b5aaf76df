-- Origin -> route -> agency -> delivery mode -> payee class as links between nodes, fit for a Sankey diagram: what runs
-- into a node runs out of it. An agency's difference is a link of its own: assumed to come by the one route its type is
-- funded by where it states no income, else reserves and unexplained.
with ends as (
    select
        place_code,
        financial_year,
        source_node as node,
        -money_pence as money_pence
    from {{ ref("int_funding__links") }}
    where source_node like 'agency: %'
    union all
    select
        place_code,
        financial_year,
        target_node as node,
        money_pence
    from {{ ref("int_funding__links") }}
    where target_node like 'agency: %'
),

differences as (
    select
        place_code,
        financial_year,
        node,
        substr(node, length('agency: ') + 1) as agency_slug,
        sum(money_pence) as left_pence
    from ends
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
        'route: ' || routes.funding_route as route_node,
        'origin: ' || routes.origin as origin_node,
        differences.left_pence < 0
        and with_income.agency_slug is null
        and routes.funding_route is not null as is_assumed
    from differences
    left join with_income
        on differences.financial_year = with_income.financial_year
            and differences.agency_slug = with_income.agency_slug
    left join {{ ref("stg_registry__agencies") }} as agencies on differences.agency_slug = agencies.agency_slug
    left join {{ ref("seed_agency_funding") }} as by_type on agencies.agency_type = by_type.agency_type
    left join {{ ref("stg_registry__funding_routes") }} as routes on by_type.funding_route = routes.funding_route
),

balancing as (
    select
        place_code,
        financial_year,
        case when is_assumed then 'route_to_agency' else 'balance' end as step,
        case
            when is_assumed then route_node
            when left_pence < 0 then 'balance: drawn from reserves and unexplained'
            else node
        end as source_node,
        case when left_pence < 0 then node else 'balance: left in reserves and unexplained' end as target_node,
        case when is_assumed then 'agency_rule' else 'not_applicable' end as route_grade,
        is_assumed,
        origin_node,
        abs(left_pence) as money_pence
    from balances
),

united as (
    select
        *,
        false as is_assumed
    from {{ ref("int_funding__links") }}
    union all by name
    select * exclude (origin_node) from balancing
    union all by name
    select
        * exclude (origin_node)
        replace ('origin_to_route' as step, origin_node as source_node, source_node as target_node)
    from balancing
    where is_assumed
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
group by
    united.place_code, united.financial_year, united.step, united.source_node, united.target_node,
    united.route_grade, united.is_assumed
