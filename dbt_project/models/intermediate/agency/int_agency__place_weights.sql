-- How the unplaced money of an agency and year divides over places, in integer units so that nothing is lost:
-- stated weights first, what they leave by population, and what has no driver to UNALLOCATED.
{% set whole = "cast(1000000000000 as hugeint)" %}
with served as (
    select
        counting.agency_slug,
        counting.financial_year,
        served.place_code,
        served.driver,
        cast(served.weight * 1000000000000 as hugeint) as stated_units,
        served.driver_vintage as stated_vintage,
        populations.driver_population,
        populations.driver_vintage
    from {{ ref("int_agency__counting_layer") }} as counting
    inner join {{ ref("int_agency__places_served") }} as served
        on counting.agency_slug = served.agency_slug
            and counting.financial_year = served.financial_year
    left join {{ ref("int_place__populations") }} as populations
        on served.place_code = populations.place_code
            and served.financial_year = populations.financial_year
),

summed as (
    select
        agency_slug,
        financial_year,
        greatest({{ whole }} - coalesce(sum(stated_units), 0), 0) as open_units,
        -- One place alone needs no population. Of several, one without a population leaves the rest without a driver.
        case
            when count(*) filter (where stated_units is null) = 1 then 1
            when count(*) filter (where stated_units is null and driver_population is null) = 0
                then sum(driver_population) filter (where stated_units is null)
        end as open_population
    from served
    group by agency_slug, financial_year
),

stated as (
    select
        served.agency_slug,
        served.financial_year,
        served.place_code,
        served.stated_units * coalesce(summed.open_population, 1) as weight_units,
        coalesce(served.driver, 'not_stated') as driver,
        served.stated_vintage as driver_vintage
    from served
    inner join summed
        on served.agency_slug = summed.agency_slug
            and served.financial_year = summed.financial_year
    where served.stated_units is not null
),

by_population as (
    select
        served.agency_slug,
        served.financial_year,
        served.place_code,
        summed.open_units
        * case when summed.open_population = 1 then 1 else served.driver_population end as weight_units,
        coalesce(served.driver, 'population') as driver,
        case when summed.open_population <> 1 then served.driver_vintage end as driver_vintage
    from served
    inner join summed
        on served.agency_slug = summed.agency_slug
            and served.financial_year = summed.financial_year
    where served.stated_units is null and summed.open_population is not null
),

without_driver as (
    select
        counting.agency_slug,
        counting.financial_year,
        'UNALLOCATED' as place_code,
        coalesce(summed.open_units, {{ whole }}) as weight_units,
        'none' as driver,
        cast(null as varchar) as driver_vintage
    from {{ ref("int_agency__counting_layer") }} as counting
    left join summed
        on counting.agency_slug = summed.agency_slug
            and counting.financial_year = summed.financial_year
    where summed.open_population is null
),

united as (
    select * from stated
    union all
    select * from by_population
    union all
    select * from without_driver
),

-- A driver without a grade is a measure of size like any other.
grades as (
    select
        united.driver,
        coalesce(max(known.method_grade), 'D') as method_grade
    from (select distinct driver from united) as united
    left join {{ ref("seed_drivers") }} as known
        on united.driver = known.driver or starts_with(united.driver, known.driver || '_')
    group by united.driver
)

select
    united.agency_slug,
    united.financial_year,
    united.place_code,
    cast(sum(united.weight_units) as hugeint) as weight_units,
    cast(sum(sum(united.weight_units)) over agency_year as hugeint) as total_units,
    min(united.driver) as driver,
    min(united.driver_vintage) as driver_vintage,
    case
        when united.place_code = 'UNALLOCATED' then 'E'
        when min(united.driver) = 'boundary' and count(*) over agency_year > 1 then 'D'
        else least(max(grades.method_grade), 'D')
    end as method_grade
from united
inner join grades on united.driver = grades.driver
where united.weight_units > 0
group by united.agency_slug, united.financial_year, united.place_code
window agency_year as (partition by united.agency_slug, united.financial_year)
