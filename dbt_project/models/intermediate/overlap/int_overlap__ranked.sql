-- Agencies of each cell with money in it, the lead first (ties by name), with the cell's sum.
select
    *,
    sum(spend_pence) over cell as cell_pence,
    count(*) over cell as agency_count,
    row_number() over (cell order by spend_pence desc, agency_slug asc) as spend_rank
from {{ ref("int_overlap__agency_cells") }}
where spend_pence > 0
window cell as (
    partition by lens, place_code, financial_year, expenditure_basis, grade_scope, theme_scheme, theme_code, cell_code
)
