-- Every accepted line of every return, once, in one shape.
with flows as (
    select * from {{ ref("int_flow__from_count") }}
    union all by name
    select * from {{ ref("int_flow__from_service_expenditure") }}
    union all by name
    select * from {{ ref("int_flow__from_spend") }}
)

select
    flows.*,
    -- Kinds whose lines add up to one account of an agency: card payments are payments.
    case flows.kind when 'procurement_card' then 'spend' else flows.kind end as account_kind,
    routes.directed_by,
    -- Money that its holder says is ring-fenced is so whatever the route usually is.
    case when flows.discretion = 'ringfenced' then true else routes.is_ringfenced end as is_ringfenced
from flows
left join {{ ref("stg_registry__funding_routes") }} as routes on flows.funding_route = routes.funding_route
