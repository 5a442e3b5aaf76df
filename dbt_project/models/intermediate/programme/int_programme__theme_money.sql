-- The cells of the programme's tables: consolidated money of a place, year and theme, each pound in one cell (one
-- partition scheme), by agency and basis.
select
    place_code,
    financial_year,
    theme_scheme,
    theme_code,
    agency_slug,
    capital_or_revenue,
    expenditure_basis,
    cast(sum(attributed_pence) as hugeint) as consolidated_pence
from {{ ref("int_count__themed") }}
where theme_scheme = {{ programme_scheme() }}
group by place_code, financial_year, theme_scheme, theme_code, agency_slug, capital_or_revenue, expenditure_basis
