-- What runs in and out of each agency of a place and year, as links between nodes: every link is positive, a credit or a
-- repayment runs the other way. Balancing them is `mart_funding_paths`.
with received as (
    select
        place_code,
        financial_year,
        agency_slug,
        'origin: ' || origin as origin_node,
        'route: ' || funding_route as route_node,
        route_grade,
        sum(money_pence) as money_pence
    from {{ ref("int_funding__routed") }}
    where income_entry = 'received' and not is_internal
    group by all
),

passed_on as (
    select
        place_code,
        financial_year,
        agency_slug,
        -sum(money_pence) as money_pence
    from {{ ref("int_funding__routed") }}
    where income_entry = 'passed_on' and not is_internal
    group by all
),

transfers as (
    select
        place_code,
        financial_year,
        agency_slug,
        counterparty_agency,
        sum(eliminated_pence) as money_pence
    from {{ ref("int_count__treated") }}
    where treatment = 'eliminated' and counterparty_agency <> agency_slug and is_payee_inside and is_payee_returned
    group by all
),

spent as (
    select
        place_code,
        financial_year,
        agency_slug,
        'mode: ' || delivery_mode as mode_node,
        'payee: ' || payee_class as payee_node,
        sum(money_pence) as money_pence
    from {{ ref("int_funding__routed") }}
    where flow = 'outlay'
    group by all
),

signed as (
    select place_code, financial_year, agency_slug, 'route_to_agency' as step, route_node as source_node,
        'agency: ' || agency_slug as target_node, origin_node as beyond_node, route_grade, money_pence
    from received
    union all by name
    select place_code, financial_year, agency_slug, 'passed_on' as step, 'agency: ' || agency_slug as source_node,
        'outside: collected for others' as target_node, money_pence
    from passed_on
    union all by name
    select place_code, financial_year, agency_slug, 'transfer' as step, 'agency: ' || agency_slug as source_node,
        'agency: ' || counterparty_agency as target_node, money_pence
    from transfers
    union all by name
    select place_code, financial_year, agency_slug, 'agency_to_mode' as step, 'agency: ' || agency_slug as source_node,
        mode_node as target_node, payee_node as beyond_node, money_pence
    from spent
)

-- A negative sum turns round; of income and spending it is a credit of its own, so that routes and modes stay sums of
-- what ran one way.
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
    case when money_pence > 0 then beyond_node end as beyond_node,
    coalesce(route_grade, 'not_applicable') as route_grade,
    cast(abs(money_pence) as bigint) as money_pence
from signed
where money_pence <> 0
