-- Under which agency a payer counts: a body that ended inside the year counts with the one that took over from it (of
-- its kind, from that day, for a place of its own), because two that never stood side by side share no supplier.
with years as (
    select
        agency_slug,
        financial_year,
        list(place_code) as place_codes
    from {{ ref("int_agency__place_weights") }}
    where place_code <> 'UNALLOCATED'
    group by agency_slug, financial_year
)

select
    years.agency_slug,
    years.financial_year,
    min(followers.agency_slug) as payer_slug
from years
inner join {{ ref("stg_registry__agencies") }} as agencies on years.agency_slug = agencies.agency_slug
inner join {{ ref("stg_registry__agencies") }} as followers
    on agencies.agency_type = followers.agency_type
        and agencies.valid_to = followers.valid_from
inner join years as years_of_follower
    on followers.agency_slug = years_of_follower.agency_slug
        and years.financial_year = years_of_follower.financial_year
        and list_has_any(years.place_codes, years_of_follower.place_codes)
group by years.agency_slug, years.financial_year
having count(distinct followers.agency_slug) = 1
