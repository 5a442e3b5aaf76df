{% set columns = [
    "rule_id", "agency_slug", "financial_year", "amount_gbp", "counterparty_agency", "grade", "reason"
] %}
{{ extended_rows(
    ref("seed_transfer_amounts"), "transfer_amounts", columns, ["rule_id", "agency_slug", "financial_year"]
) }}

select
    rule_id,
    agency_slug,
    financial_year,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    counterparty_agency,
    grade,
    reason,
    is_extension
from united
qualify row_number() over (
        partition by rule_id, agency_slug, financial_year, cast(amount_gbp as decimal(18, 2))
        order by is_extension desc, counterparty_agency asc
    ) = 1
