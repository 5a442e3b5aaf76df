-- What turns money of a place and year into real terms and per head, or why it cannot.
with base as (
    select
        parameters.price_base_year,
        base_year.deflator_index as base_index,
        base_year.deflator_reason as base_reason
    from (select max(price_base_year) as price_base_year from {{ ref("stg_run__parameters") }}) as parameters
    left join {{ ref("dim_financial_year") }} as base_year on parameters.price_base_year = base_year.financial_year
),

place_years as (
    select
        place_code,
        financial_year
    from {{ ref("int_place__perimeter") }}
    union
    select
        place_code,
        financial_year
    from {{ ref("int_place__allocated") }}
)

select
    place_years.place_code,
    place_years.financial_year,
    base.price_base_year,
    base.base_index / years.deflator_index as real_factor,
    case
        when base.price_base_year is null then 'no price base year is set'
        when base.base_index is null
            then coalesce(base.base_reason, 'the price base year ' || base.price_base_year || ' is not known')
        else years.deflator_reason
    end as real_terms_reason,
    populations.population_count,
    populations.population_vintage,
    case
        when populations.population_count is not null then null
        when place_years.place_code = 'UNALLOCATED' then 'not a place'
        else 'no mid-year estimate for '
            || place_years.financial_year
            || ' is in the reference data and no stand-in is named'
    end as population_reason
from place_years
cross join base
left join {{ ref("dim_financial_year") }} as years on place_years.financial_year = years.financial_year
left join {{ ref("int_place__populations") }} as populations
    on place_years.place_code = populations.place_code
        and place_years.financial_year = populations.financial_year
