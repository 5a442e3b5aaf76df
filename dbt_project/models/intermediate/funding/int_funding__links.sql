-- What runs in and out of each agency of a place and year, as links between nodes: every link is positive, a credit or
-- a repayment runs the other way. Balancing them is `mart_funding_paths`.
with received as (
    select
        place_code,
        financial_year,
        'route_to_agency' as step,
        'route: ' || funding_route as source_node,
        'agency: ' || agency_slug as target_node,
        'origin: ' || origin as beyond_node,
        route_grade,
        sum(money_pence) as money_pence
    from {{ ref("int_funding__routed") }}
    where income_entry in ('received', 'credited') and not is_internal
    group by all
),

passed_on as (
    select
        place_code,
        financial_year,
        'passed_on' as step,
        'agency: ' || agency_slug as source_node,
        'outside: collected for others' as target_node,
        -sum(money_pence) as money_pence
    from {{ ref("int_funding__routed") }}
    where income_entry = 'passed_on' and not is_internal
    group by all
),

transfers as (
    select
        place_code,
        financial_year,
        'transfer' as step,
        'agency: ' || agency_slug as source_node,
        'agency: ' || counterparty_agency as target_node,
        sum(eliminated_pence) as money_pence
    from {{ ref("int_count__treated") }}
    where treatment = 'eliminated' and counterparty_agency <> agency_slug and is_payee_inside and is_payee_returned
    group by all
),

spent as (
    select
        place_code,
        financial_year,
        'agency_to_mode' as step,
        'agency: ' || agency_slug as source_node,
        'mode: ' || delivery_mode as target_node,
        'payee: ' || payee_class as beyond_node,
        sum(money_pence) as money_pence
    from {{ ref("int_funding__routed") }}
    where flow = 'outlay'
    group by all
),

signed as (
    select * from received
    union all by name
    select * from passed_on
    union all by name
    select * from transfers
    union all by name
    select * from spent
),

-- A negative sum turns round; of income and spending it is a credit of its own, so that routes and modes stay sums of
-- what ran one way.
oriented as (
    select
        place_code,
        financial_year,
        case when money_pence < 0 and beyond_node is not null then 'credit' else step end as step,
        case
            when money_pence > 0 then source_node
            when step = 'agency_to_mode' then 'credits: from payees'
            else target_node
        end as source_node,
        case
            when money_pence > 0 then target_node
            when step = 'route_to_agency' then 'credits: income paid back'
            else source_node
        end as target_node,
        beyond_node,
        coalesce(route_grade, 'not_applicable') as route_grade,
        cast(abs(money_pence) as bigint) as money_pence
    from signed
    where money_pence <> 0
),

every as (
    select * from oriented
    union all by name
    select * replace ('origin_to_route' as step, beyond_node as source_node, source_node as target_node)
    from oriented
    where step = 'route_to_agency'
    union all by name
    select * replace ('mode_to_payee' as step, target_node as source_node, beyond_node as target_node)
    from oriented
    where step = 'agency_to_mode'
)

select
    place_code,
    financial_year,
    step,
    source_node,
    target_node,
    route_grade,
    cast(sum(money_pence) as bigint) as money_pence
from every
group by place_code, financial_year, step, source_node, target_node, route_grade
