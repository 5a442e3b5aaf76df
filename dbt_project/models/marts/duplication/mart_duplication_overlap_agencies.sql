-- What each agency spends in each cell of mart_duplication_overlap: the terms of its sums, the lead first.
select
    -- themes follow from services: the other lens has the one theme `all`
    case when theme_scheme = 'all' then 'purchase_category' else 'service' end as lens,
    place_code,
    financial_year,
    theme_scheme,
    theme_code,
    cell_code,
    expenditure_basis,
    grade_scope,
    agency_slug,
    cast(spend_rank as integer) as spend_rank,
    {{ pounds("spend_pence") }} as spend_gbp,
    {{ pounds("case when spend_rank > 1 then movable_pence else 0 end") }} as addressable_gbp
from {{ ref("int_overlap__ranked") }}
where place_code <> 'UNALLOCATED'
