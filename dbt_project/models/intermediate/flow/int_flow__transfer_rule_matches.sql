-- depends_on: {{ ref("stg_registry__transfer_rules") }}
{% set fields = ["description", "payee_name", "expense_type", "expense_area", "department"] %}
-- The first transfer rule that fits, once per distinct wording (not per line): only lines of which some text may fit a
-- rule are looked at.
with described as (
    select description
    from {{ ref("int_flow__descriptions") }}
    where may_be_transfer
),

named as (
    select payee_name
    from {{ ref("int_flow__payees") }}
    where may_be_transfer
),

labelled as (
    select {{ fields[2:] | join(", ") }}
    from {{ ref("int_flow__wordings") }}
    where may_be_transfer
),

wordings as (
    select distinct
        lines.agency_slug,
        lines.{{ fields | join(",\n        lines.") }},
        lines.merchant_category
    from {{ ref("int_flow__ledger_lines") }} as lines
    where
        lines.description in (select description from described)
        or lines.payee_name in (select payee_name from named)
        {% for field in fields[2:] %}
            or lines.{{ field }} in (select {{ field }} from labelled)
        {% endfor %}
),

matched as (
    select
        *,
        {{ transfer_rule_case(ref("stg_registry__transfer_rules"), fields) }} as rule_id
    from wordings
)

select distinct
    matched.agency_slug,
    descriptions.description_no,
    payees.payee_no,
    wordings.wording_no,
    matched.rule_id
from matched
left join {{ ref("int_flow__descriptions") }} as descriptions on matched.description = descriptions.description
left join {{ ref("int_flow__payees") }} as payees on matched.payee_name = payees.payee_name
inner join {{ ref("int_flow__wordings") }} as wordings
    on matched.expense_area is not distinct from wordings.expense_area
        and matched.department is not distinct from wordings.department
        and matched.expense_type is not distinct from wordings.expense_type
        and matched.merchant_category is not distinct from wordings.merchant_category
where matched.rule_id is not null
