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
        cast(null as varchar) as driver_vintage
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
)

select
    agency_slug,
    financial_year,
    place_code,
    cast(sum(weight_units) as hugeint) as weight_units,
    cast(sum(sum(weight_units)) over (partition by agency_slug, financial_year) as hugeint) as total_units,
    min(driver) as driver,
    min(driver_vintage) as driver_vintage,
    case
        when place_code = 'UNALLOCATED' then 'E'
        when min(driver) = 'boundary' and count(*) over (partition by agency_slug, financial_year) = 1 then 'A'
        when starts_with(min(driver), 'claimants') or starts_with(min(driver), 'recipients') then 'B'
        when min(driver) = 'service' then 'C'
        else 'D'
    end as method_grade
from united
where weight_units > 0
group by agency_slug, financial_year, place_code
