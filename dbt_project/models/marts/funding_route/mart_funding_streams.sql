-- How many streams of money a place lives on, and how many are small. A stream is what an agency receives of one
-- origin, route and grant in a year; it is small as a whole, not by the share of it that falls to one place.
with streams as (
    select
        place_code,
        financial_year,
        agency_slug,
        origin,
        funding_route,
        directed_by,
        funding_stream,
        sum(money_pence) as place_pence
    from {{ ref("int_funding__routed") }}
    where income_entry = 'received' and not is_internal
    group by all
),

whole as (
    select
        *,
        sum(place_pence) over (
            partition by financial_year, agency_slug, origin, funding_route, funding_stream
        ) as whole_pence
    from streams
),

sized as (
    select
        *,
        abs(whole_pence) < 100 * {{ var("small_stream_gbp") }} as is_small
    from whole
    where place_pence <> 0
)

select
    sized.place_code,
    any_value(places.place_name) as place_name,
    sized.financial_year,
    sized.funding_route,
    any_value(sized.directed_by) as directed_by,
    count(*) as stream_count,
    {{ pounds("sum(sized.place_pence)") }} as amount_gbp,
    count(*) filter (where sized.is_small) as small_stream_count,
    {{ pounds("coalesce(sum(sized.place_pence) filter (where sized.is_small), 0)") }} as small_stream_gbp,
    cast({{ var("small_stream_gbp") }} as decimal(18, 2)) as small_stream_threshold_gbp
from sized
left join {{ ref("dim_place") }} as places on sized.place_code = places.place_code
group by sized.place_code, sized.financial_year, sized.funding_route
