with names as (
    select
        area_code,
        min(area_name) as area_name
    from {{ ref("stg_registry__areas") }}
    group by area_code
)

select
    allocations.area_code,
    names.area_name,
    allocations.allocation_name,
    allocations.amount_gbp as allocation_gbp,
    allocations.vintage,
    allocations.source
from {{ ref("seed_area_allocations") }} as allocations
left join names on allocations.area_code = names.area_code
