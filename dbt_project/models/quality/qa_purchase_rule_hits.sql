-- What each purchase rule decided: lines and money; a rule that decides nothing is a row of noughts.
with hits as (
    select
        purchase_rule_id,
        sum(line_count) as hit_count,
        sum(absolute_gbp) as hit_gbp
    from {{ ref("int_flow__decided") }}
    where purchase_rule_id is not null
    group by purchase_rule_id
)

select
    rules.rule_id,
    rules.rule_kind,
    rules.grade,
    rules.agency_type,
    rules.agency_slug,
    rules.field,
    rules.words,
    rules.purchase_category,
    rules.reason,
    rules.is_extension,
    rules.rule_order,
    cast(coalesce(hits.hit_count, 0) as bigint) as hit_count,
    cast(coalesce(hits.hit_gbp, 0) as decimal(18, 2)) as hit_gbp
from {{ ref("stg_registry__purchase_rules") }} as rules
left join hits on rules.rule_id = hits.purchase_rule_id
