{{ config(materialized='view') }}
-- What agencies say of their own money, as int_flow__own, but with ledger lines added up (`line_count` of them) and
-- without what tells one line from another: for whatever sums.
{% set kinds = ["count", "service_expenditure", "benefits"] %}
with flows as (
    {% for kind in kinds %}
        select
            * exclude (flow_id, row_number, cell_ref),
            1 as line_count,
            abs(amount_gbp) as absolute_gbp
        from {{ ref("int_flow__from_" ~ kind) }}
        union all by name
    {% endfor %}
    select
        *,
        amount_gbp as amount_as_filed_gbp
    from {{ ref("int_flow__decided") }}
)

select
    *,
    -- Kinds whose lines add up to one account of an agency: card payments are payments.
    case kind when 'procurement_card' then 'spend' else kind end as account_kind
from flows
