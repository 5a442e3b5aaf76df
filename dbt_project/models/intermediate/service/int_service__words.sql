-- depends_on: {{ ref("stg_registry__service_rules") }}, {{ ref("stg_registry__purchase_rules") }}
{% set service_rules = ref("stg_registry__service_rules") %}
{% set purchase_rules = ref("stg_registry__purchase_rules") %}
{% set rules = [service_rules, purchase_rules] %}
{% set categories = ["expense_area", "department", "expense_type", "merchant_category"] %}
{% set texts = ["description", "payee_name"] %}
-- The first service rule and the first purchase rule that fit a category, a description or the name of a payee, once
-- per distinct text and scope: what it is for and what is bought are two decisions over the same words. Free texts are
-- as many as lines, and most hold no word of any rule: only those with a word are matched rule by rule.
with description_texts as (
    select distinct
        scopes.scope_no,
        scopes.scope_agency as agency_slug,
        scopes.agency_type,
        scopes.scope_year as financial_year,
        spellings.description
    from {{ ref("int_flow__descriptions") }} as spellings
    inner join {{ ref("int_flow__origins") }} as origins on spellings.origin_no = origins.origin_no
    inner join {{ ref("int_service__scopes") }} as scopes
        on origins.agency_slug = scopes.agency_slug and origins.financial_year = scopes.financial_year
    where
        spellings.has_words
        and scopes.is_registered
        and {{ has_scope_rules(rules, "description") }}
),

named as (
    select distinct
        scopes.scope_no,
        lines.payee_no
    from {{ source("lake", "ledger_payees") }} as lines
    inner join {{ ref("int_service__scopes") }} as scopes
        on lines.agency_slug = scopes.agency_slug and lines.financial_year = scopes.financial_year
    where
        scopes.is_registered
        and {{ has_scope_rules(rules, "payee_name") }}
),

scopes as (
    select distinct
        scope_no,
        scope_agency as agency_slug,
        agency_type,
        scope_year as financial_year
    from {{ ref("int_service__scopes") }}
),

payee_name_texts as (
    select
        scopes.*,
        spellings.payee_name
    from named
    inner join {{ ref("int_flow__payees") }} as spellings on named.payee_no = spellings.payee_no and spellings.has_words
    inner join scopes on named.scope_no = scopes.scope_no
),

{% for field in categories -%}
    {{ field }}_texts as (
        select distinct
            scope_no,
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
    {% for field in categories + texts %}
        select
            scope_no,
            '{{ field }}' as field,
            hash({{ field }}) as text_no,
            {{ field }} as text,
            {{ service_rule_case(service_rules, [field]) }} as rule_order,
            {{ service_rule_case(purchase_rules, [field]) }} as purchase_order
        from (select *, {{ label_keys([field]) }} from {{ field }}_texts)
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select *
from matched
