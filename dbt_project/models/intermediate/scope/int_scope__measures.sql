-- Deflator and population of each scope and year, or why there is none. The people of an area are those of its places
-- valid at the end of the year, if all of them are counted.
with prices as (
    select
        financial_year,
        min(price_base_year) as price_base_year,
        min(real_factor) as real_factor,
        min(real_terms_reason) as real_terms_reason
    from {{ ref("int_place__year_measures") }}
    group by financial_year
),

standing as (
    select
        scopes.scope_kind,
        scopes.scope_code,
        scopes.financial_year,
        scopes.place_code
    from {{ ref("int_scope__places") }} as scopes
    inner join {{ ref("stg_registry__places") }} as places on scopes.place_code = places.place_code
    where
        scopes.scope_kind = 'area'
        and (places.valid_from is null or places.valid_from < {{ year_end("scopes.financial_year") }})
        and (places.valid_to is null or places.valid_to >= {{ year_end("scopes.financial_year") }})
    union all
    select distinct
        scope_kind,
        scope_code,
        financial_year,
        scope_code as place_code
    from {{ ref("int_scope__places") }}
    where scope_kind <> 'area'
),

people as (
    select
        standing.scope_kind,
        standing.scope_code,
        standing.financial_year,
        case when count(*) = count(populations.population_count) then sum(populations.population_count) end
            as population_count,
        {{ distinct_texts("populations.population_vintage") }}
            as population_vintage,
        count(*) filter (where populations.population_count is null) as uncounted_count,
        count(*) as place_count
    from standing
    left join {{ ref("int_place__populations") }} as populations
        on standing.place_code = populations.place_code
            and standing.financial_year = populations.financial_year
    group by standing.scope_kind, standing.scope_code, standing.financial_year
)

select
    people.scope_kind,
    people.scope_code,
    people.financial_year,
    prices.price_base_year,
    prices.real_factor,
    prices.real_terms_reason,
    cast(people.population_count as bigint) as population_count,
    case when people.population_count is not null then people.population_vintage end as population_vintage,
    case
        when people.population_count is not null then null
        when people.scope_code = 'UNALLOCATED' then 'not a place'
        when people.place_count > 1
            then people.uncounted_count || ' of ' || people.place_count || ' places have no population for '
                || people.financial_year || ' in the reference data and no stand-in is named'
        else 'no mid-year estimate for '
            || people.financial_year
            || ' is in the reference data and no stand-in is named'
    end as population_reason
from people
left join prices on people.financial_year = prices.financial_year
