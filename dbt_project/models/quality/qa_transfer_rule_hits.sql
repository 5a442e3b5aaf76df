-- What each transfer rule recognised, by agency and year; a rule that fits nothing is a row of noughts.
with hits as (
    select
        transfer_rule_id as rule_id,
        agency_slug,
        financial_year,
        cast(sum(line_count) as bigint) as hit_count,
        sum(amount_gbp) as hit_gbp,
        sum(line_count) filter (where transfer_kind is not null) as applied_count,
        sum(amount_gbp) filter (where transfer_kind is not null) as applied_gbp
    from {{ ref("int_flow__decided") }}
    where transfer_rule_id is not null
    group by transfer_rule_id, agency_slug, financial_year
)

select
    rules.rule_id,
    hits.agency_slug,
    hits.financial_year,
    rules.field,
    rules.pattern,
    rules.transfer_kind,
    rules.counterparty_agency,
    rules.grade,
    rules.reason,
    rules.is_extension,
    cast(rules.rule_order as integer) as rule_order,
    coalesce(hits.hit_count, 0) as hit_count,
    cast(coalesce(hits.hit_gbp, 0) as decimal(18, 2)) as hit_gbp,
    rules.needs_kind,
    cast(coalesce(hits.applied_count, 0) as bigint) as applied_count,
    cast(coalesce(hits.applied_gbp, 0) as decimal(18, 2)) as applied_gbp
from {{ ref("stg_registry__transfer_rules") }} as rules
left join hits on rules.rule_id = hits.rule_id
