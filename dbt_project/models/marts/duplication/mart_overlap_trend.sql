-- Overlap of a place by year, with the year before beside it where both are of the same agencies, known from the same
-- kind of return and as many months: the rate rises with the number of agencies seen, so that other years tell nothing.
with months as (
    select
        agency_slug,
        financial_year,
        count(distinct month) filter (where line_count > 0 and is_expected) as month_count
    from {{ ref("mart_coverage_by_month") }}
    group by agency_slug, financial_year
),

covered as (
    select
        coverage.lens,
        coverage.place_code,
        coverage.financial_year,
        count(*) as covered_agency_count,
        string_agg(coverage.agency_slug, ', ' order by coverage.agency_slug) as covered_agencies,
        -- What has to be the same: the agency, what is known of it, and how much of the year.
        string_agg(
            coverage.agency_slug || '/' || coverage.covered_by
            || case
                when coverage.covered_by in ('spend', 'procurement_card') then '/' || coalesce(months.month_count, 0)
                else ''
            end, ', ' order by coverage.agency_slug
        ) as coverage_key
    from {{ ref("int_overlap__coverage") }} as coverage
    left join months
        on coverage.agency_slug = months.agency_slug
            and coverage.financial_year = months.financial_year
    where coverage.is_covered
    group by coverage.lens, coverage.place_code, coverage.financial_year
),

yearly as (
    select
        rolled.*,
        covered.covered_agency_count,
        covered.covered_agencies,
        covered.coverage_key,
        cast(left(rolled.financial_year, 4) as integer) as start_year
    from {{ ref("mart_overlap_by_theme") }} as rolled
    left join covered
        on rolled.lens = covered.lens
            and rolled.place_code = covered.place_code
            and rolled.financial_year = covered.financial_year
    where rolled.rolled_up_to = 'place'
),

paired as (
    select
        yearly.*,
        earlier.financial_year as previous_financial_year,
        earlier.spend_gbp as previous_spend_gbp,
        earlier.overlap_gbp as previous_overlap_gbp,
        earlier.overlap_rate as previous_overlap_rate,
        case
            when earlier.financial_year is null then 'no_year_before'
            when coalesce(yearly.covered_agencies, '') <> coalesce(earlier.covered_agencies, '') then 'other_agencies'
            when coalesce(yearly.coverage_key, '') <> coalesce(earlier.coverage_key, '') then 'other_returns_or_months'
            else 'comparable'
        end as comparability
    from yearly
    left join yearly as earlier
        on yearly.lens = earlier.lens
            and yearly.place_code = earlier.place_code
            and yearly.theme_scheme = earlier.theme_scheme
            and yearly.expenditure_basis = earlier.expenditure_basis
            and yearly.grade_scope = earlier.grade_scope
            and yearly.start_year = earlier.start_year + 1
)

select
    lens,
    place_code,
    place_name,
    financial_year,
    theme_scheme,
    expenditure_basis,
    grade_scope,
    cell_count,
    spend_gbp,
    overlap_gbp,
    overlap_rate,
    cast(coalesce(covered_agency_count, 0) as bigint) as covered_agency_count,
    covered_agencies,
    previous_financial_year,
    previous_spend_gbp,
    previous_overlap_gbp,
    previous_overlap_rate,
    comparability,
    comparability = 'comparable' as is_comparable,
    case when comparability = 'comparable' then cast(overlap_gbp - previous_overlap_gbp as decimal(18, 2)) end
        as overlap_change_gbp,
    case when comparability = 'comparable' then overlap_rate - previous_overlap_rate end as overlap_rate_change
from paired
