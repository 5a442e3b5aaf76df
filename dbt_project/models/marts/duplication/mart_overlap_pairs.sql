-- How much each two agencies of a place spend on the same things: over their cells, the lesser of the two sums. One row
-- a pair, the agencies in the order of their slugs.
with totals as (
    select
        lens,
        place_code,
        financial_year,
        theme_scheme,
        expenditure_basis,
        grade_scope,
        agency_slug,
        sum(spend_pence) as spend_pence
    from {{ ref("int_overlap__ranked") }}
    group by all
),

met as (
    select
        one.lens,
        one.place_code,
        one.financial_year,
        one.theme_scheme,
        one.expenditure_basis,
        one.grade_scope,
        one.agency_slug as agency_slug_a,
        other.agency_slug as agency_slug_b,
        count(*) as shared_cell_count,
        sum(least(one.spend_pence, other.spend_pence)) as shared_pence,
        sum(one.spend_pence) as shared_cells_a_pence,
        sum(other.spend_pence) as shared_cells_b_pence
    from {{ ref("int_overlap__ranked") }} as one
    inner join {{ ref("int_overlap__ranked") }} as other
        on one.lens = other.lens
            and one.place_code = other.place_code
            and one.financial_year = other.financial_year
            and one.theme_scheme = other.theme_scheme
            and one.theme_code = other.theme_code
            and one.cell_code = other.cell_code
            and one.expenditure_basis = other.expenditure_basis
            and one.grade_scope = other.grade_scope
            and one.agency_slug < other.agency_slug
    where one.place_code <> 'UNALLOCATED'
    group by all
)

select
    met.lens,
    met.place_code,
    places.place_name,
    met.financial_year,
    met.theme_scheme,
    met.expenditure_basis,
    met.grade_scope,
    met.agency_slug_a,
    met.agency_slug_b,
    met.shared_cell_count,
    {{ pounds("met.shared_pence") }} as shared_gbp,
    {{ pounds("met.shared_cells_a_pence") }} as shared_cells_a_gbp,
    {{ pounds("met.shared_cells_b_pence") }} as shared_cells_b_gbp,
    {{ pounds("total_a.spend_pence") }} as spend_a_gbp,
    {{ pounds("total_b.spend_pence") }} as spend_b_gbp,
    cast(met.shared_pence as double) / cast(least(total_a.spend_pence, total_b.spend_pence) as double)
        as share_of_smaller
from met
inner join totals as total_a
    on met.lens = total_a.lens
        and met.place_code = total_a.place_code
        and met.financial_year = total_a.financial_year
        and met.theme_scheme = total_a.theme_scheme
        and met.expenditure_basis = total_a.expenditure_basis
        and met.grade_scope = total_a.grade_scope
        and met.agency_slug_a = total_a.agency_slug
inner join totals as total_b
    on met.lens = total_b.lens
        and met.place_code = total_b.place_code
        and met.financial_year = total_b.financial_year
        and met.theme_scheme = total_b.theme_scheme
        and met.expenditure_basis = total_b.expenditure_basis
        and met.grade_scope = total_b.grade_scope
        and met.agency_slug_b = total_b.agency_slug
left join {{ ref("dim_place") }} as places on met.place_code = places.place_code
