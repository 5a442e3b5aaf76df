-- depends_on: {{ ref("stg_registry__service_rules") }}, {{ ref("stg_registry__purchase_rules") }}
{% set service_rules = ref("stg_registry__service_rules") %}
{% set purchase_rules = ref("stg_registry__purchase_rules") %}
{% set rules = [service_rules, purchase_rules] %}
{% set categories = ["expense_area", "department", "expense_type", "merchant_category"] %}
{% set texts = {"description": ref("int_flow__descriptions"), "payee_name": ref("int_flow__payees")} %}
-- The first service rule and the first purchase rule that fit a category, a description or the name of a payee, once
-- per distinct text: what it is for and what is bought are two decisions over the same words. Free texts are as many as
-- lines, and most hold no word of any rule: only those with a word are matched rule by rule.
with {% for field in texts -%}
    {{ field }}_texts as (
        select distinct
            lines.agency_slug,
            agencies.agency_type,
            lines.financial_year,
            lines.{{ field }}
        from {{ ref("int_flow__ledger_lines") }} as lines
        semi join {{ texts[field] }} as spellings
            on lines.{{ field }} = spellings.{{ field }} and spellings.has_words
        inner join {{ ref("stg_registry__agencies") }} as agencies
            on lines.agency_slug = agencies.agency_slug and {{ has_service_rules(rules, field, "agencies") }}
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
-- Texts that no rule fits stay: to leave them out, every rule would be asked again.
matched as (
    {% for field in categories + (texts | list) %}
        select
            agency_slug,
            financial_year,
            '{{ field }}' as field,
            {{ field }} as text,
            {{ service_rule_case(service_rules, [field]) }} as rule_order,
            {{ service_rule_case(purchase_rules, [field]) }} as purchase_order
        from (select *, {{ label_keys([field]) }} from {{ field }}_texts)
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select *
from matched
