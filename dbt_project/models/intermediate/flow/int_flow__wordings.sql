-- depends_on: {{ ref("stg_registry__transfer_rules") }}
{% set fields = ["expense_area", "department", "expense_type", "merchant_category"] %}
-- Every combination of categories that a line of payment has, once, whoever wrote it: thousands, however many lines.
with wordings as (
    select distinct
        -- The hash of the texts: lines are joined by one number, not by four texts.
        wording_no,
        {{ fields | join(", ") }}
    from {{ source("lake", "ledger_wordings") }}
)

select
    wording_no,
    {{ fields | join(",\n    ") }},
    coalesce({{ may_fit_a_transfer_rule(ref("stg_registry__transfer_rules"), fields) }}, false) as may_be_transfer
from wordings
