-- depends_on: {{ ref("stg_registry__service_rules") }}
{% set rules = ref("stg_registry__service_rules") %}
{% set categories = ["expense_area", "department", "expense_type", "merchant_category"] %}
{% set texts = ["description", "payee_name"] %}
-- The first service rule that fits a category, a description or the name of a payee, once per distinct text. Most free texts
-- hold no word of any rule and go after one look; materialized, so that the look is at each text and not at each line.
with {% for field in texts -%}
{{ field }}_texts as materialized (
    select distinct
        lines.agency_slug,
        agencies.agency_type,
        lines.financial_year,
        lines.{{ field }}
    from {{ ref("int_flow__ledger_lines") }} as lines
    left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
    where lines.{{ field }} is not null
),

{% endfor -%}
{% for field in categories -%}
{{ field }}_texts as (
    select distinct
        agency_slug,
        agency_type,
        financial_year,
        {{ field }}
    from {{ ref("int_service__combinations") }}
    where {{ field }} is not null
),

{% endfor -%}
matched as (
    {% for field in categories + texts %}
    select
        agency_slug,
        financial_year,
        '{{ field }}' as field,
        {{ field }} as text,
        {{ service_rule_case(rules, [field]) }} as rule_order
    from (select *, {{ label_keys([field]) }} from {{ field }}_texts)
    {% if field in texts %}where {{ has_service_words(rules, [field]) }}{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select *
from matched
where rule_order is not null
