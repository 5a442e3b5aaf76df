-- Overlap rolled up by adding cells: of the whole place and year, of each theme, of each branch of codes. Sums of S and
-- O alone: a rate measured anew on coarser cells would be another, larger one.
with cells as (
    select
        *,
        string_split(cell_code, '.')[1] as branch_code
    from {{ ref("mart_duplication_overlap") }}
),

rolled as (
    select
        case
            when grouping(theme_code) = 0 then 'theme'
            when grouping(branch_code) = 0 then 'branch'
            else 'place'
        end as rolled_up_to,
        lens,
        place_code,
        any_value(place_name) as place_name,
        financial_year,
        theme_scheme,
        coalesce(theme_code, 'all') as theme_code,
        coalesce(branch_code, 'all') as branch_code,
        expenditure_basis,
        grade_scope,
        count(*) as cell_count,
        count(*) filter (where agency_count >= 2) as shared_cell_count,
        min(code_level) as least_code_level,
        max(code_level) as greatest_code_level,
        sum(spend_gbp) as spend_gbp,
        sum(overlap_gbp) as overlap_gbp,
        sum(addressable_gbp) as addressable_gbp,
        sum(discretion_not_stated_gbp) as discretion_not_stated_gbp,
        sum(floored_gbp) as floored_gbp
    from cells
    group by grouping sets (
        (lens, place_code, financial_year, theme_scheme, expenditure_basis, grade_scope),
        (lens, place_code, financial_year, theme_scheme, expenditure_basis, grade_scope, theme_code),
        (lens, place_code, financial_year, theme_scheme, expenditure_basis, grade_scope, branch_code)
    )
)

select
    rolled.rolled_up_to,
    rolled.lens,
    rolled.place_code,
    rolled.place_name,
    rolled.financial_year,
    rolled.theme_scheme,
    rolled.theme_code,
    rolled.branch_code,
    coalesce(services.service_name, purchases.category_name) as branch_name,
    rolled.expenditure_basis,
    rolled.grade_scope,
    rolled.cell_count,
    rolled.shared_cell_count,
    rolled.least_code_level,
    rolled.greatest_code_level,
    cast(rolled.spend_gbp as decimal(18, 2)) as spend_gbp,
    cast(rolled.overlap_gbp as decimal(18, 2)) as overlap_gbp,
    case
        when rolled.spend_gbp > 0 then cast(rolled.overlap_gbp as double) / cast(rolled.spend_gbp as double)
    end as overlap_rate,
    cast(rolled.addressable_gbp as decimal(18, 2)) as addressable_gbp,
    cast(rolled.discretion_not_stated_gbp as decimal(18, 2)) as discretion_not_stated_gbp,
    cast(rolled.floored_gbp as decimal(18, 2)) as floored_gbp
from rolled
left join {{ ref("dim_service") }} as services on rolled.branch_code = services.service_code
left join {{ ref("dim_purchase_category") }} as purchases on rolled.branch_code = purchases.purchase_category
