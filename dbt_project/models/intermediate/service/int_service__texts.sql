-- depends_on: {{ ref("stg_registry__service_rules") }}, {{ ref("stg_registry__purchase_rules") }}
{% set rules = [ref("stg_registry__service_rules"), ref("stg_registry__purchase_rules")] %}
{% set categories = ["expense_area", "department", "expense_type", "merchant_category"] %}
{% set texts = ["description", "payee_name"] %}
-- What rules of classification are asked of: every category, description and name of a payee, once for each scope.
-- Free texts are as many as lines, and most hold no word of any rule: only those with a word are here. Where a return
-- is replaced and says nothing new, these are what they were, and no rule is asked again.
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
    ){{ "," if not loop.last }}

{% endfor -%}

{% for field in categories + texts %}
    select
        scope_no,
        agency_slug,
        agency_type,
        financial_year,
        '{{ field }}' as field,
        {{ field }} as text
    from {{ field }}_texts
    {% if not loop.last %}union all{% endif %}
{% endfor %}
