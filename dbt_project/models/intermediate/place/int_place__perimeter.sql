-- The perimeter P(place, year): agencies that serve the place that year, agencies whose own lines name it, and those
-- that pay a body of this one place. Kept for the place-years in which at least one of them has money that counts.
with members as (
    select
        place_code,
        financial_year,
        agency_slug,
        true as is_serving
    from {{ ref("int_agency__places_served") }}
    where place_code <> 'UNALLOCATED'
    union all
    select distinct
        place_code,
        financial_year,
        agency_slug,
        false as is_serving
    from {{ ref("int_flow__sums") }}
    where
        place_code is not null
        and place_code <> 'UNALLOCATED'
        and flow in ('outlay', 'income')
    union all
    select distinct
        place_code,
        financial_year,
        agency_slug,
        false as is_serving
    from {{ ref("int_place__allocated") }}
    where place_rule = 'payee_place'
),

merged as (
    select
        members.place_code,
        members.financial_year,
        members.agency_slug,
        bool_or(members.is_serving) as is_serving,
        bool_or(counting.agency_slug is not null) as is_counting,
        bool_or(coalesce(counting.has_outlays, false)) as has_outlays
    from members
    left join {{ ref("int_agency__counting_layer") }} as counting
        on members.agency_slug = counting.agency_slug
            and members.financial_year = counting.financial_year
    group by members.place_code, members.financial_year, members.agency_slug
)

select
    place_code,
    financial_year,
    agency_slug,
    is_serving,
    is_counting,
    has_outlays
from merged
qualify bool_or(is_counting) over (partition by place_code, financial_year)
