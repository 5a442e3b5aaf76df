-- Every combination of categories that a ledger has, once: a few thousand, however many lines.
select distinct
    lines.agency_slug,
    agencies.agency_type,
    lines.financial_year,
    lines.wording_no,
    lines.expense_area,
    lines.department,
    lines.expense_type,
    lines.merchant_category
from {{ source("lake", "ledger_wordings") }} as lines
left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
