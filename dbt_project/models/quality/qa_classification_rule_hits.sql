-- What each rule of classification decided: lines and money; a rule that decides nothing is a row of noughts. The
-- lines of the revenue outturn are rules too.
with hits as (
    select
        service_rule_id as rule_id,
        sum(line_count) as hit_count,
        sum(absolute_gbp) as hit_gbp
    from {{ ref("int_flow__decided") }}
    where service_rule_id is not null
    group by service_rule_id
    union all
    select
        service_rule_id as rule_id,
        count(*) as hit_count,
        sum(abs(amount_gbp)) as hit_gbp
    from {{ ref("int_service__awards") }}
    where service_rule_id is not null
    group by service_rule_id
),

summed as (
    select
        rule_id,
        sum(hit_count) as hit_count,
        sum(hit_gbp) as hit_gbp
    from hits
    group by rule_id
),

outturn as (
    select
        lines.line_key,
        lines.valid_from_year,
        any_value(lines.line_label) as line_label,
        any_value(lines.service_code) as service_code,
        count(printed.flow_id) as hit_count,
        sum(abs(printed.amount_gbp)) as hit_gbp
    from {{ ref("stg_registry__service_lines") }} as lines
    left join {{ ref("stg_service_expenditure__lines") }} as printed
        on lines.line_key = printed.line_key
            and (lines.valid_from_year is null or lines.valid_from_year <= printed.financial_year)
            and (lines.valid_to_year is null or lines.valid_to_year >= printed.financial_year)
    where lines.role = 'outlay'
    group by lines.line_key, lines.valid_from_year
)

select
    rules.rule_id,
    rules.rule_kind,
    rules.agency_type,
    rules.agency_slug,
    rules.field,
    rules.words,
    rules.service_code,
    rules.reason,
    rules.is_extension,
    rules.rule_order,
    cast(coalesce(summed.hit_count, 0) as bigint) as hit_count,
    cast(coalesce(summed.hit_gbp, 0) as decimal(18, 2)) as hit_gbp
from {{ ref("stg_registry__service_rules") }} as rules
left join summed on rules.rule_id = summed.rule_id
union all
select
    'outturn_' || line_key || coalesce('_from_' || valid_from_year, '') as rule_id,
    'outturn_line' as rule_kind,
    null as agency_type,
    null as agency_slug,
    'line_label' as field,
    line_label as words,
    service_code,
    'Line of the revenue outturn' as reason,
    false as is_extension,
    null as rule_order,
    hit_count,
    cast(coalesce(hit_gbp, 0) as decimal(18, 2)) as hit_gbp
from outturn
