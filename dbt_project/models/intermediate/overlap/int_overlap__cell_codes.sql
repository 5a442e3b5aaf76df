-- The finest common code: for each code used in a lens, place, year and basis, the shortest code used there that is
-- itself or an ancestor - so that no row of a branch is coded above its cell. Rows without a code are in no cell.
with used as (
    select distinct
        lens,
        place_code,
        financial_year,
        expenditure_basis,
        code
    from {{ ref("int_overlap__spend") }}
)

select
    used.lens,
    used.place_code,
    used.financial_year,
    used.expenditure_basis,
    used.code,
    arg_min(above.code, len(above.code)) as cell_code
from used
inner join used as above
    on used.lens = above.lens
        and used.place_code = above.place_code
        and used.financial_year = above.financial_year
        and used.expenditure_basis = above.expenditure_basis
        and (used.code = above.code or starts_with(used.code, above.code || '.'))
group by used.lens, used.place_code, used.financial_year, used.expenditure_basis, used.code
