{{ config(materialized='view') }}
-- What agencies say of their own money, in one shape: every kind but funding returns, which a payer makes about others.
with flows as (
    select * from {{ ref("int_flow__from_count") }}
    union all by name
    select * from {{ ref("int_flow__from_service_expenditure") }}
    union all by name
    select * from {{ ref("int_flow__from_benefits") }}
    union all by name
    select * from {{ ref("int_flow__from_spend") }}
)

select
    *,
    -- Kinds whose lines add up to one account of an agency: card payments are payments.
    case kind when 'procurement_card' then 'spend' else kind end as account_kind
from flows
