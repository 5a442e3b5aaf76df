-- The first service rule for each kind of transfer that a transfer rule recognised (a precept is a transfer between
-- levels of government, whatever department pays it over).
select
    words as transfer_kind,
    min(rule_order) as rule_order
from {{ ref("stg_registry__service_rules") }}
where field = 'transfer_kind'
group by words
