-- depends_on: {{ ref("stg_registry__service_rules") }}
{% set fields = ["programme", "title"] %}
-- The first service rule that fits an award, by its programme or title. Grain: one award line.
with awards as (
    select
        lines.flow_id,
        lines.agency_slug,
        lines.financial_year,
        lines.kind,
        lines.amount_gbp,
        agencies.agency_type,
        lines.{{ fields | join(",\n        lines.") }}
    from {{ ref("stg_grants__lines") }} as lines
    left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
),

keyed as (
    select
        *,
        {{ label_keys(fields) }}
    from awards
),

matched as (
    select
        *,
        {{ service_rule_case(ref("stg_registry__service_rules"), fields) }} as rule_order
    from keyed
)

select
    matched.flow_id,
    matched.agency_slug,
    matched.financial_year,
    matched.kind,
    matched.amount_gbp,
    coalesce(rules.service_code, defaults.service_code) as service_code,
    coalesce(
        rules.grade, case when defaults.service_code is null then 'unclassified' else 'agency_default' end
    ) as classification_grade,
    rules.rule_id as service_rule_id
from matched
left join {{ ref("stg_registry__service_rules") }} as rules on matched.rule_order = rules.rule_order
left join {{ ref("int_service__defaults") }} as defaults on matched.agency_slug = defaults.agency_slug
