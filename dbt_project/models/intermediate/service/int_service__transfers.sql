-- The first service rule and the first purchase rule for each kind of transfer that a transfer rule recognised (a
-- precept is a transfer between levels of government, whatever department pays it over, and nothing is bought with it).
with kinds as (
    select
        words as transfer_kind,
        rule_order,
        cast(null as integer) as purchase_order
    from {{ ref("stg_registry__service_rules") }}
    where field = 'transfer_kind'
    union all
    select
        words as transfer_kind,
        cast(null as integer) as rule_order,
        rule_order as purchase_order
    from {{ ref("stg_registry__purchase_rules") }}
    where field = 'transfer_kind'
)

select
    transfer_kind,
    min(rule_order) as rule_order,
    min(purchase_order) as purchase_order
from kinds
group by transfer_kind
