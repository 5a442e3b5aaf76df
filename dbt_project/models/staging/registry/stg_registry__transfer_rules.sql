{% set columns = [
    "rule_id", "agency_slug", "field", "pattern", "payee_pattern", "transfer_kind", "counterparty_agency", "grade",
    "reason", "priority", "needs_kind"
] %}
{{ extended_rows(ref("seed_transfer_rules"), "transfer_rules", columns, ["rule_id"]) }},

-- A place's own rules carry no id in the contract: they are numbered in the order of their content.
named as (
    select
        coalesce(
            rule_id,
            'registry_' || lpad(
                cast(row_number() over (
                    partition by is_extension, rule_id is null
                    order by agency_slug, field, pattern, payee_pattern, transfer_kind, counterparty_agency
                ) as varchar), 3, '0'
            )
        ) as rule_id,
        agency_slug,
        field,
        pattern,
        payee_pattern,
        transfer_kind,
        counterparty_agency,
        grade,
        reason,
        cast(priority as integer) as priority,
        needs_kind,
        is_extension
    from united
)

select
    rule_id,
    agency_slug,
    field,
    pattern,
    payee_pattern,
    transfer_kind,
    counterparty_agency,
    grade,
    reason,
    needs_kind,
    is_extension,
    row_number() over (order by is_extension desc, priority asc nulls last, rule_id asc) as rule_order
from named
