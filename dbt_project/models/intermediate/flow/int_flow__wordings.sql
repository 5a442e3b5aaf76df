-- depends_on: {{ ref("stg_registry__transfer_rules") }}
{% set fields = ["expense_area", "department", "expense_type", "merchant_category"] %}
-- Every combination of categories that a line of payment has, once, whoever wrote it: thousands, however many lines.
with wordings as (
    select distinct {{ fields | join(", ") }}
    from {{ ref("int_service__combinations") }}
)

select
    cast(row_number() over (order by {{ fields | join(", ") }}) as integer) as wording_no,
    -- Lines are joined by it: one number is compared, not four texts.
    hash({{ fields | join(", ") }}) as wording_hash,
    {{ fields | join(",\n    ") }},
    coalesce({{ may_fit_a_transfer_rule(ref("stg_registry__transfer_rules"), fields) }}, false) as may_be_transfer
from wordings
