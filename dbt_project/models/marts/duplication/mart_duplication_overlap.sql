-- Overlap and fragmentation by agency in each cell (lens, place, year, theme, finest common code, basis, scope of
-- grades): consolidated money of one layer. Overlap is not duplication: no ledger knows the beneficiary.
with cells as (
    select
        lens,
        place_code,
        financial_year,
        expenditure_basis,
        grade_scope,
        theme_scheme,
        theme_code,
        cell_code,
        any_value(agency_count) as agency_count,
        max(agency_slug) filter (where spend_rank = 1) as lead_agency_slug,
        any_value(cell_pence) as cell_pence,
        max(spend_pence) as lead_pence,
        sum(power(cast(spend_pence as double) / cast(cell_pence as double), 2) order by spend_rank) as hhi,
        sum(case when spend_rank > 1 then movable_pence else 0 end) as addressable_pence,
        sum(case when spend_rank > 1 then undeclared_pence else 0 end) as undeclared_pence,
        -- The threshold is read as: at least 10,000 pounds and 1% of the cell.
        count(*) filter (where spend_pence >= greatest(1000000, 0.01 * cell_pence)) as material_agency_count
    from {{ ref("int_overlap__ranked") }}
    group by lens, place_code, financial_year, expenditure_basis, grade_scope, theme_scheme, theme_code, cell_code
),

floored as (
    select
        lens,
        place_code,
        financial_year,
        expenditure_basis,
        grade_scope,
        theme_scheme,
        theme_code,
        cell_code,
        sum(floored_pence) as floored_pence
    from {{ ref("int_overlap__agency_cells") }}
    group by lens, place_code, financial_year, expenditure_basis, grade_scope, theme_scheme, theme_code, cell_code
),

coverage as (
    select
        lens,
        place_code,
        financial_year,
        count(*) as perimeter_agency_count,
        count(*) filter (where not is_covered) as missing_agency_count,
        string_agg(agency_slug, ', ' order by agency_slug) filter (where not is_covered) as missing_agencies
    from {{ ref("int_overlap__coverage") }}
    group by lens, place_code, financial_year
)

select
    floored.lens,
    floored.place_code,
    places.place_name,
    floored.financial_year,
    floored.theme_scheme,
    floored.theme_code,
    floored.cell_code,
    coalesce(services.service_name, purchases.category_name) as cell_name,
    cast(len(string_split(floored.cell_code, '.')) as integer) as code_level,
    floored.expenditure_basis,
    floored.grade_scope,
    cast(coalesce(cells.agency_count, 0) as bigint) as agency_count,
    cells.lead_agency_slug,
    {{ pounds("coalesce(cells.cell_pence, 0)") }} as spend_gbp,
    {{ pounds("coalesce(cells.cell_pence - cells.lead_pence, 0)") }} as overlap_gbp,
    cast(cells.cell_pence - cells.lead_pence as double) / cast(cells.cell_pence as double) as overlap_rate,
    cells.hhi,
    1 / cells.hhi as effective_agency_count,
    case when cells.agency_count >= 2 then (1 - cells.hhi) / (1 - 1 / cast(cells.agency_count as double)) end
        as comparable_fragmentation,
    {{ pounds("coalesce(cells.addressable_pence, 0)") }} as addressable_gbp,
    {{ pounds("coalesce(cells.undeclared_pence, 0)") }} as discretion_not_stated_gbp,
    {{ pounds("floored.floored_pence") }} as floored_gbp,
    cast(coalesce(cells.material_agency_count, 0) as bigint) as material_agency_count,
    coalesce(cells.material_agency_count, 0) >= 2 as is_material,
    cast(coalesce(coverage.perimeter_agency_count, 0) as bigint) as perimeter_agency_count,
    cast(coalesce(coverage.missing_agency_count, 0) as bigint) as missing_agency_count,
    coverage.missing_agencies
from floored
left join cells
    on floored.lens = cells.lens
        and floored.place_code = cells.place_code
        and floored.financial_year = cells.financial_year
        and floored.expenditure_basis = cells.expenditure_basis
        and floored.grade_scope = cells.grade_scope
        and floored.theme_scheme = cells.theme_scheme
        and floored.theme_code = cells.theme_code
        and floored.cell_code = cells.cell_code
left join coverage
    on floored.lens = coverage.lens
        and floored.place_code = coverage.place_code
        and floored.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on floored.place_code = places.place_code
left join {{ ref("dim_service") }} as services on floored.cell_code = services.service_code
left join {{ ref("dim_purchase_category") }} as purchases on floored.cell_code = purchases.purchase_category
where floored.place_code <> 'UNALLOCATED'
