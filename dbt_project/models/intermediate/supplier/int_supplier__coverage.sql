-- Whose lines of payment stand behind a place and year, and which months each of them has: shared suppliers grow with
-- the agencies that are compared, so a share says nothing without this.
with covered as (
    select distinct
        place_code,
        financial_year,
        agency_slug
    from {{ ref("int_supplier__spend") }}
    where spend_pence > 0
),

-- Months of the ledger; of card payments only where no ledger is in.
months as (
    select
        agency_slug,
        financial_year,
        list(month order by month) as months
    from {{ ref("mart_coverage_by_month") }}
    where line_count > 0 and month <> 'undated'
    group by agency_slug, financial_year, kind
    qualify row_number() over (partition by agency_slug, financial_year order by kind = 'spend' desc, kind) = 1
),

sets as (
    select
        covered.place_code,
        covered.financial_year,
        count(*) as agency_count,
        string_agg(covered.agency_slug, ', ' order by covered.agency_slug) as agencies,
        string_agg(agencies.agency_type, ', ' order by agencies.agency_type) as agency_types,
        string_agg(
            covered.agency_slug || ' ' || coalesce(len(months.months), 0), ', '
            order by covered.agency_slug
        ) as months_by_agency
    from covered
    left join months
        on covered.agency_slug = months.agency_slug
            and covered.financial_year = months.financial_year
    left join {{ ref("stg_registry__agencies") }} as agencies on covered.agency_slug = agencies.agency_slug
    group by covered.place_code, covered.financial_year
),

present as (
    select
        covered.place_code,
        covered.financial_year,
        unnest(months.months) as month
    from covered
    inner join months
        on covered.agency_slug = months.agency_slug
            and covered.financial_year = months.financial_year
),

matched as (
    select
        present.place_code,
        present.financial_year,
        present.month
    from present
    inner join sets
        on present.place_code = sets.place_code
            and present.financial_year = sets.financial_year
    group by present.place_code, present.financial_year, present.month
    having count(*) = any_value(sets.agency_count)
),

matched_months as (
    select
        place_code,
        financial_year,
        count(*) as matched_month_count,
        string_agg(month, ', ' order by month) as matched_months
    from matched
    group by place_code, financial_year
),

perimeter as (
    select
        perimeter.place_code,
        perimeter.financial_year,
        count(*) as perimeter_agency_count,
        string_agg(perimeter.agency_slug, ', ' order by perimeter.agency_slug)
        filter (where covered.agency_slug is null) as agencies_without_payments
    from {{ ref("int_place__perimeter") }} as perimeter
    left join covered
        on perimeter.place_code = covered.place_code
            and perimeter.financial_year = covered.financial_year
            and perimeter.agency_slug = covered.agency_slug
    group by perimeter.place_code, perimeter.financial_year
)

select
    sets.place_code,
    sets.financial_year,
    sets.agency_count,
    sets.agencies,
    sets.agency_types,
    sets.months_by_agency,
    coalesce(matched_months.matched_month_count, 0) as matched_month_count,
    matched_months.matched_months,
    perimeter.perimeter_agency_count,
    perimeter.agencies_without_payments,
    previous.place_code is not null as is_comparable_with_previous_year
from sets
left join matched_months
    on sets.place_code = matched_months.place_code
        and sets.financial_year = matched_months.financial_year
left join perimeter
    on sets.place_code = perimeter.place_code
        and sets.financial_year = perimeter.financial_year
left join sets as previous
    on sets.place_code = previous.place_code
        and {{ year_start("sets.financial_year") }} = {{ year_end("previous.financial_year") }}
        and sets.months_by_agency = previous.months_by_agency
