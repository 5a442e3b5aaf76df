{{ config(materialized='view') }}
-- Every accepted line of every return that holds flows, as int_flow__unioned, with ledger lines added up (`line_count`
-- of them): for whatever sums.
with flows as (
    select * from {{ ref("int_flow__own_sums") }}
    union all by name
    select
        * exclude (flow_id, row_number, cell_ref, funding_treatment),
        1 as line_count,
        abs(amount_gbp) as absolute_gbp
    from {{ ref("int_flow__from_funding") }}
)

select
    flows.*,
    routes.directed_by,
    -- Money that its holder says is ring-fenced is so whatever the route usually is.
    case when flows.discretion = 'ringfenced' then true else routes.is_ringfenced end as is_ringfenced
from flows
left join {{ ref("stg_registry__funding_routes") }} as routes on flows.funding_route = routes.funding_route
