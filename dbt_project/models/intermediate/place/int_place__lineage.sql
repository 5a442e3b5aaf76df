-- Where the ground of each place code came from and where it is now, through every recode, merge and split: its codes
-- at the ends of the chain, with the share of the earlier code that lies in the later one, in units of 10^-12.
{% set whole = "cast(1000000000000 as hugeint)" %}
with recursive changes as (
    select
        from_place_code,
        to_place_code,
        cast(weight * 1000000000000 as hugeint) as units,
        case when weight < 1 then weight_basis end as weight_basis,
        case when weight < 1 then vintage end as vintage
    from {{ ref("stg_registry__place_changes") }}
),

later as (
    select
        place_code,
        place_code as other_place_code,
        {{ whole }} as units,
        cast(null as varchar) as weight_basis,
        cast(null as varchar) as vintage
    from {{ ref("stg_registry__places") }}
    union all
    select
        later.place_code,
        changes.to_place_code,
        later.units * changes.units // {{ whole }},
        coalesce(changes.weight_basis, later.weight_basis) as weight_basis,
        coalesce(changes.vintage, later.vintage) as vintage
    from later
    inner join changes on later.other_place_code = changes.from_place_code
),

earlier as (
    select
        place_code,
        place_code as other_place_code,
        {{ whole }} as units,
        cast(null as varchar) as weight_basis,
        cast(null as varchar) as vintage
    from {{ ref("stg_registry__places") }}
    union all
    select
        earlier.place_code,
        changes.from_place_code,
        earlier.units * changes.units // {{ whole }},
        coalesce(changes.weight_basis, earlier.weight_basis) as weight_basis,
        coalesce(changes.vintage, earlier.vintage) as vintage
    from earlier
    inner join changes on earlier.other_place_code = changes.to_place_code
)

select
    'now' as direction,
    later.place_code,
    later.other_place_code,
    cast(sum(later.units) as hugeint) as units,
    max(later.weight_basis) as weight_basis,
    max(later.vintage) as vintage
from later
anti join changes on later.other_place_code = changes.from_place_code
group by later.place_code, later.other_place_code
union all
select
    'origin' as direction,
    earlier.place_code,
    earlier.other_place_code,
    cast(sum(earlier.units) as hugeint) as units,
    max(earlier.weight_basis) as weight_basis,
    max(earlier.vintage) as vintage
from earlier
anti join changes on earlier.other_place_code = changes.to_place_code
group by earlier.place_code, earlier.other_place_code
