-- Two uses of population, kept apart. To apportion (driver_*): the mid-year figure of the year, else the year's
-- stand-in, else another vintage the place has, named. To divide by (population_*): only a mid-year figure of the year
-- or the year's stated stand-in, else NULL and why.
with years as (
    select distinct financial_year
    from {{ ref("int_agency__counting_layer") }}
),

candidates as (
    select
        years.financial_year,
        populations.place_code,
        populations.vintage,
        populations.population_count,
        stand_ins.vintage is not null as is_stand_in,
        starts_with(populations.vintage, 'mid_')
        and populations.reference_year = year({{ year_start("years.financial_year") }}) as is_of_the_year
    from years
    cross join {{ ref("stg_registry__populations") }} as populations
    left join {{ ref("stg_registry__population_stand_ins") }} as stand_ins
        on years.financial_year = stand_ins.financial_year
            and populations.vintage = stand_ins.vintage
    where populations.population_count > 0
),

drivers as (
    select
        financial_year,
        place_code,
        population_count as driver_population,
        vintage as driver_vintage
    from candidates
    qualify row_number() over (
            partition by financial_year, place_code
            order by
                is_of_the_year desc,
                is_stand_in desc,
                vintage = 'census_2021' desc,
                vintage = 'census_2011' desc,
                vintage
        ) = 1
),

denominators as (
    select
        financial_year,
        place_code,
        population_count,
        vintage as population_vintage
    from candidates
    where is_of_the_year or is_stand_in
    qualify row_number() over (
            partition by financial_year, place_code
            order by is_of_the_year desc, vintage asc
        ) = 1
)

select
    drivers.financial_year,
    drivers.place_code,
    drivers.driver_population,
    drivers.driver_vintage,
    denominators.population_count,
    denominators.population_vintage
from drivers
left join denominators
    on drivers.financial_year = denominators.financial_year
        and drivers.place_code = denominators.place_code
