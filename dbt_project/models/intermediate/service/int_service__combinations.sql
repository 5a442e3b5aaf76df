-- Every combination of categories that ledgers have, once for each scope of rules: a few thousand, however many lines.
select distinct
    scopes.scope_no,
    scopes.scope_agency as agency_slug,
    scopes.agency_type,
    scopes.scope_year as financial_year,
    lines.wording_no,
    lines.expense_area,
    lines.department,
    lines.expense_type,
    lines.merchant_category
from {{ source("lake", "ledger_wordings") }} as lines
inner join {{ ref("int_service__scopes") }} as scopes
    on lines.agency_slug = scopes.agency_slug and lines.financial_year = scopes.financial_year
