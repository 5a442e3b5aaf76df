-- Grants and contracts to charities beside all consolidated spend, cell by cell: sum both before dividing.
with united as (
    select
        place_code,
        financial_year,
        theme_code,
        agency_slug,
        capital_or_revenue,
        expenditure_basis,
        form,
        third_sector_pence,
        0 as consolidated_pence
    from {{ ref("int_programme__third_sector") }}
    union all by name
    select
        place_code,
        financial_year,
        theme_code,
        agency_slug,
        capital_or_revenue,
        expenditure_basis,
        0 as third_sector_pence,
        consolidated_pence
    from {{ ref("int_programme__theme_money") }}
),

cells as (
    select
        place_code,
        financial_year,
        theme_code,
        agency_slug,
        capital_or_revenue,
        expenditure_basis,
        coalesce(sum(third_sector_pence) filter (where form = 'grant'), 0) as grant_pence,
        coalesce(sum(third_sector_pence) filter (where form = 'contract'), 0) as contract_pence,
        coalesce(sum(third_sector_pence) filter (where form = 'not_stated'), 0) as not_stated_pence,
        sum(third_sector_pence) as third_sector_pence,
        sum(consolidated_pence) as consolidated_pence
    from united
    group by place_code, financial_year, theme_code, agency_slug, capital_or_revenue, expenditure_basis
)

select
    cells.place_code,
    places.place_name,
    cells.financial_year,
    {{ programme_scheme() }} as theme_scheme,
    cells.theme_code,
    cells.agency_slug,
    cells.capital_or_revenue,
    cells.expenditure_basis,
    {{ pounds("cells.grant_pence") }} as grant_gbp,
    {{ pounds("cells.contract_pence") }} as contract_gbp,
    {{ pounds("cells.not_stated_pence") }} as grant_or_contract_gbp,
    {{ pounds("cells.third_sector_pence") }} as third_sector_gbp,
    {{ pounds("cells.consolidated_pence") }} as consolidated_gbp,
    case
        when cells.consolidated_pence > 0
            then cast(cells.third_sector_pence as double) / cast(cells.consolidated_pence as double)
    end as third_sector_share,
    {{ coverage_status("counting") }} as coverage_status,
    coalesce(coverage.coverage, 'not a place') as coverage
from cells
left join {{ ref("int_agency__counting_layer") }} as counting
    on cells.agency_slug = counting.agency_slug
        and cells.financial_year = counting.financial_year
left join {{ ref("int_programme__coverage") }} as coverage
    on cells.place_code = coverage.place_code
        and cells.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on cells.place_code = places.place_code
