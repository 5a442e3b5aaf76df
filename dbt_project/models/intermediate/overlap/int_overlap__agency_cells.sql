-- What each agency spends in each cell, in both scopes of grade, and how much of it it could move at its own
-- discretion. Floored at nought inside the cell; what the floor took is kept.
with scopes as (
    select unnest(['A-B', 'all']) as grade_scope
),

rows_in_cells as (
    select
        spend.lens,
        spend.place_code,
        spend.financial_year,
        spend.expenditure_basis,
        spend.theme_scheme,
        spend.theme_code,
        cells.cell_code,
        spend.agency_slug,
        scopes.grade_scope,
        spend.discretion,
        sum(spend.part_pence) as part_pence
    from {{ ref("int_overlap__spend") }} as spend
    inner join {{ ref("int_overlap__cell_codes") }} as cells
        on spend.lens = cells.lens
            and spend.place_code = cells.place_code
            and spend.financial_year = cells.financial_year
            and spend.expenditure_basis = cells.expenditure_basis
            and spend.code = cells.code
    inner join scopes on scopes.grade_scope = 'all' or spend.is_headline
    group by all
),

summed as (
    select
        rows_in_cells.* exclude (discretion, part_pence),
        sum(part_pence) as net_pence,
        sum(case when rows_in_cells.discretion is null then greatest(part_pence, 0) else 0 end) as undeclared_pence,
        cast(
            floor(sum(greatest(part_pence, 0) * coalesce(rates.kappa, 0))) as hugeint
        ) as movable_pence
    from rows_in_cells
    left join {{ ref("stg_registry__discretion_rates") }} as rates on rows_in_cells.discretion = rates.discretion
    group by all
)

select
    lens,
    place_code,
    financial_year,
    expenditure_basis,
    theme_scheme,
    theme_code,
    cell_code,
    agency_slug,
    grade_scope,
    cast(greatest(net_pence, 0) as hugeint) as spend_pence,
    cast(greatest(-net_pence, 0) as hugeint) as floored_pence,
    cast(least(movable_pence, greatest(net_pence, 0)) as hugeint) as movable_pence,
    cast(least(undeclared_pence, greatest(net_pence, 0)) as hugeint) as undeclared_pence
from summed
