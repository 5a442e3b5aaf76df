-- Every place code on two other geographies: `as_is_now` (today's codes; exact for recodes and merges) and
-- `as_first_was` (the codes of 2009; a merged place is divided by the population of its parts, of the latest vintage
-- that all of them have). A place that cannot be divided stays under its own code, so that no pound is lost.
with origins as (
    select
        *,
        count(*) over (partition by place_code) as part_count
    from {{ ref("int_place__lineage") }}
    where direction = 'origin'
),

vintages as (
    select
        origins.place_code,
        populations.vintage
    from origins
    inner join {{ ref("stg_registry__populations") }} as populations
        on origins.other_place_code = populations.place_code
    where origins.part_count > 1 and populations.population_count > 0
    group by origins.place_code, populations.vintage
    having count(*) = max(origins.part_count)
    qualify row_number() over (
            partition by origins.place_code order by max(populations.reference_year) desc, populations.vintage desc
        ) = 1
),

first_was as (
    select
        origins.place_code,
        case
            when origins.part_count > 1 and vintages.vintage is null then origins.place_code
            else origins.other_place_code
        end as restated_place_code,
        case
            when vintages.vintage is null then 1
            else origins.units * populations.population_count
        end as weight_units,
        case
            when vintages.vintage is not null then 'population'
            when origins.part_count > 1 then 'not_divided'
            else 'whole_place'
        end as restated_by,
        vintages.vintage as restated_vintage
    from origins
    left join vintages on origins.place_code = vintages.place_code
    left join {{ ref("stg_registry__populations") }} as populations
        on origins.other_place_code = populations.place_code
            and vintages.vintage = populations.vintage
),

united as (
    select
        'as_is_now' as geography,
        place_code,
        other_place_code as restated_place_code,
        units as weight_units,
        coalesce(weight_basis, 'whole_place') as restated_by,
        vintage as restated_vintage
    from {{ ref("int_place__lineage") }}
    where direction = 'now'
    union all
    select distinct
        'as_first_was' as geography,
        *
    from first_was
)

select
    geography,
    place_code,
    restated_place_code,
    cast(weight_units as hugeint) as weight_units,
    cast(sum(weight_units) over (partition by geography, place_code) as hugeint) as total_units,
    restated_by,
    restated_vintage
from united
