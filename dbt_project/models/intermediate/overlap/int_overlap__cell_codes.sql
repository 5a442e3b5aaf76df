-- The finest common code: for each code used in a place, year and basis, the shortest code used there that is
-- itself or an ancestor - so that no row of a branch is coded above its cell. Rows without a code are in no cell.
with used as (
    select distinct
        place_code,
        financial_year,
        expenditure_basis,
        service_code
    from {{ ref("int_count__treated") }}
    where service_code is not null and classification_grade <> 'unclassified'
)

select
    used.place_code,
    used.financial_year,
    used.expenditure_basis,
    used.service_code,
    arg_min(above.service_code, len(above.service_code)) as cell_code
from used
inner join used as above
    on used.place_code = above.place_code
        and used.financial_year = above.financial_year
        and used.expenditure_basis = above.expenditure_basis
        and (used.service_code = above.service_code or starts_with(used.service_code, above.service_code || '.'))
group by used.place_code, used.financial_year, used.expenditure_basis, used.service_code
