{{ config(meta={"kept_by": {"column": "origin_no"}}) }}
-- depends_on: {{ ref("stg_registry__service_rules") }}, {{ ref("stg_registry__purchase_rules") }}
-- depends_on: {{ ref("stg_registry__transfer_rules") }}
{% set rules = [ref("stg_registry__service_rules"), ref("stg_registry__purchase_rules")] %}
-- The descriptions that hold a word of any rule, once for each origin. Descriptions are as many as lines and most hold
-- none: each is looked at once, and only these are matched rule by rule. The rest have no number.
with judged as (
    select
        {{ origin_no() }} as origin_no,
        description,
        coalesce({{ has_service_words(rules, ["description"]) }}, false) as has_words,
        coalesce({{ may_fit_a_transfer_rule(ref("stg_registry__transfer_rules"), ["description"]) }}, false)
            as may_be_transfer
    from {{ ref("int_flow__ledger_lines") }}
)

select distinct
    origin_no,
    hash(description) as description_no,
    description,
    has_words,
    may_be_transfer
from judged
where has_words or may_be_transfer
