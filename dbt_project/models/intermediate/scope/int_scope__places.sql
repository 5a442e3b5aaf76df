-- The groups of place codes that are consolidated for themselves beside the places: areas, and places restated to
-- another geography. A code belongs to an area in the years in which the area holds all the ground it was made of,
-- whichever code of that ground the registry names.
with years as (
    select distinct financial_year
    from {{ ref("int_agency__counting_layer") }}
),

-- What the ground of a place was called at first: the codes that lie in it whole; its own where none does.
ground as (
    select
        place_code,
        case when units = 1000000000000 then other_place_code else place_code end as ground_code
    from {{ ref("int_place__lineage") }}
    where direction = 'origin'
),

area_ground as (
    select distinct
        areas.area_code,
        years.financial_year,
        coalesce(ground.ground_code, areas.place_code) as ground_code
    from {{ ref("stg_registry__areas") }} as areas
    inner join years on {{ valid_in_year("areas.valid_from", "areas.valid_to", "years.financial_year") }}
    left join ground on areas.place_code = ground.place_code
),

ground_counts as (
    select
        place_code,
        count(*) as ground_count
    from ground
    group by place_code
),

area_places as (
    select
        area_ground.area_code,
        area_ground.financial_year,
        ground.place_code
    from area_ground
    inner join ground on area_ground.ground_code = ground.ground_code
    inner join ground_counts on ground.place_code = ground_counts.place_code
    group by area_ground.area_code, area_ground.financial_year, ground.place_code
    having count(*) = max(ground_counts.ground_count)
)

select
    'area' as scope_kind,
    area_code as scope_code,
    financial_year,
    place_code,
    cast(1 as hugeint) as weight_units,
    cast(1 as hugeint) as total_units,
    'whole_place' as restated_by,
    cast(null as varchar) as restated_vintage
from area_places
union all
select
    restated.geography as scope_kind,
    restated.restated_place_code as scope_code,
    years.financial_year,
    restated.place_code,
    restated.weight_units,
    restated.total_units,
    restated.restated_by,
    restated.restated_vintage
from {{ ref("int_place__restatements") }} as restated
cross join years
