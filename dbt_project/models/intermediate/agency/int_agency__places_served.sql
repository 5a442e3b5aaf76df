-- Which places an agency serves in a year, before any weight: agency and place valid at the start of the year or,
-- for a place without a predecessor and for any agency, from later in it. A recode inside a year never makes a
-- second place: a link to either code of a recoded place is a link to the code of the year.
with years as (
    select distinct financial_year
    from {{ ref("int_agency__counting_layer") }}
),

late_successors as (
    select distinct
        to_place_code as place_code,
        change_date
    from {{ ref("stg_registry__place_changes") }}
),

places_in_year as (
    select
        years.financial_year,
        places.place_code
    from years
    inner join {{ ref("stg_registry__places") }} as places
        on {{ valid_in_year("places.valid_from", "places.valid_to", "years.financial_year") }}
    where not exists (
            select 1
            from late_successors
            where
                late_successors.place_code = places.place_code
                and late_successors.change_date > {{ year_start("years.financial_year") }}
                and late_successors.change_date < {{ year_end("years.financial_year") }}
                and places.valid_from = late_successors.change_date
        )
),

agencies_in_year as (
    select
        years.financial_year,
        agencies.agency_slug
    from years
    inner join {{ ref("stg_registry__agencies") }} as agencies
        on {{ valid_in_year("agencies.valid_from", "agencies.valid_to", "years.financial_year") }}
),

recodes as (
    select
        from_place_code as place_code,
        to_place_code as other_place_code
    from {{ ref("stg_registry__place_changes") }}
    where change_kind = 'recode'
),

links as (
    select
        *,
        false as is_by_recode
    from {{ ref("stg_registry__agency_places") }}
    union all by name
    select
        stated.* exclude (place_code),
        if(stated.place_code = recodes.place_code, recodes.other_place_code, recodes.place_code) as place_code,
        true as is_by_recode
    from {{ ref("stg_registry__agency_places") }} as stated
    inner join recodes on stated.place_code in (recodes.place_code, recodes.other_place_code)
),

ranked as (
    select
        links.agency_slug,
        places_in_year.financial_year,
        links.place_code,
        links.weight,
        links.driver,
        links.driver_vintage,
        -- A weight for the year, else a weight for every year, else none (population decides).
        row_number() over (
            partition by links.agency_slug, places_in_year.financial_year, links.place_code
            order by links.is_by_recode, links.weight is null, links.financial_year is null, links.weight, links.driver
        ) as precedence
    from links
    inner join places_in_year
        on links.place_code = places_in_year.place_code
            and (links.financial_year is null or links.financial_year = places_in_year.financial_year)
    inner join agencies_in_year
        on links.agency_slug = agencies_in_year.agency_slug
            and places_in_year.financial_year = agencies_in_year.financial_year
)

select
    agency_slug,
    financial_year,
    place_code,
    weight,
    driver,
    driver_vintage
from ranked
where precedence = 1
