-- depends_on: {{ ref("stg_registry__transfer_rules") }}
{% set fields = ["description", "payee_name", "expense_type", "expense_area", "department"] %}
-- The first transfer rule that fits, once per distinct wording (not per line).
with wordings as (
    select distinct
        agency_slug,
        {{ fields | join(",\n        ") }}
    from {{ ref("int_flow__ledger_lines") }}
    where {{ may_fit_a_transfer_rule(ref("stg_registry__transfer_rules"), fields) }}
),

matched as (
    select
        *,
        {{ transfer_rule_case(ref("stg_registry__transfer_rules"), fields) }} as rule_id
    from wordings
)

select
    agency_slug,
    {{ fields | join(",\n    ") }},
    rule_id
from matched
where rule_id is not null
