{{ config(meta={"kept_by": {"column": "origin_no", "beside": {
    "int_flow__payees": {"key": ["payee_no"], "says": ["may_be_transfer"]},
    "int_flow__wordings": {"key": ["wording_no"], "says": ["may_be_transfer"]}
}}}) }}
-- depends_on: {{ ref("stg_registry__transfer_rules") }}
{% set fields = ["description", "payee_name", "expense_type", "expense_area", "department"] %}
-- The first transfer rule that fits, once per distinct wording of an origin (not per line): only lines of which some
-- text may fit a rule are looked at.
with described as (
    select
        origin_no,
        description,
        description_no,
        may_be_transfer
    from {{ ref("int_flow__descriptions") }}
),

named as (
    select payee_no
    from {{ ref("int_flow__payees") }}
    where may_be_transfer
),

labelled as (
    select wording_no
    from {{ ref("int_flow__wordings") }}
    where may_be_transfer
),

numbered as (
    select
        {{ origin_no() }} as origin_no,
        {{ wording_no() }} as wording_no,
        {{ payee_no() }} as payee_no,
        agency_slug,
        {{ fields | join(",\n        ") }}
    from {{ ref("int_flow__ledger_lines") }}
),

wordings as (
    select distinct
        numbered.*,
        described.description_no
    from numbered
    left join described
        on numbered.origin_no = described.origin_no and numbered.description = described.description
    where
        described.may_be_transfer
        or numbered.payee_no in (select payee_no from named)
        or numbered.wording_no in (select wording_no from labelled)
),

matched as (
    select
        *,
        {{ transfer_rule_case(ref("stg_registry__transfer_rules"), fields) }} as rule_id
    from wordings
)

select distinct
    origin_no,
    description_no,
    payee_no,
    wording_no,
    rule_id
from matched
where rule_id is not null
