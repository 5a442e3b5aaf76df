{{ config(meta={"kept_by": {"of": "rows", "reads": ["int_service__texts"], "key": ["scope_no", "field", "text"]}}) }}
-- depends_on: {{ ref("stg_registry__service_rules") }}, {{ ref("stg_registry__purchase_rules") }}
{% set service_rules = ref("stg_registry__service_rules") %}
{% set purchase_rules = ref("stg_registry__purchase_rules") %}
{% set fields = ["expense_area", "department", "expense_type", "merchant_category", "description", "payee_name"] %}
-- The first service rule and the first purchase rule that fit a category, a description or the name of a payee, once
-- per distinct text and scope: what it is for and what is bought are two decisions over the same words.
-- Texts that no rule fits stay: to leave them out, every rule would be asked again.
with matched as (
    {% for field in fields %}
        select
            scope_no,
            '{{ field }}' as field,
            hash({{ field }}) as text_no,
            {{ field }} as text,
            {{ service_rule_case(service_rules, [field]) }} as rule_order,
            {{ service_rule_case(purchase_rules, [field]) }} as purchase_order
        from (
            select
                scope_no,
                agency_slug,
                agency_type,
                financial_year,
                text as {{ field }},
                {{ label_keys(["text"]) | replace("text_key", field ~ "_key") }}
            from {{ ref("int_service__texts") }}
            where field = '{{ field }}'
        )
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select *
from matched
