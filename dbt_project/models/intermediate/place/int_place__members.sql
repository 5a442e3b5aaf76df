-- The perimeter of every published place and year, and the agencies linked to it that did not exist that year.
with published as (
    select distinct
        place_code,
        financial_year
    from {{ ref("int_place__perimeter") }}
),

-- Agencies linked to a published place in a year in which they did not exist: shown, so that nobody asks.
not_valid as (
    select distinct
        published.place_code,
        published.financial_year,
        links.agency_slug
    from published
    inner join {{ ref("stg_registry__agency_places") }} as links
        on published.place_code = links.place_code
            and (links.financial_year is null or published.financial_year = links.financial_year)
    inner join {{ ref("stg_registry__agencies") }} as agencies on links.agency_slug = agencies.agency_slug
    where not {{ valid_in_year("agencies.valid_from", "agencies.valid_to", "published.financial_year") }}
)

select
    place_code,
    financial_year,
    agency_slug,
    true as is_in_perimeter
from {{ ref("int_place__perimeter") }}
union all
select
    not_valid.*,
    false as is_in_perimeter
from not_valid
anti join {{ ref("int_place__perimeter") }} as inside
    on not_valid.place_code = inside.place_code
        and not_valid.financial_year = inside.financial_year
        and not_valid.agency_slug = inside.agency_slug
