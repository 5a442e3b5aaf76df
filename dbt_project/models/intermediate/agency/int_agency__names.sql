-- Every name and alias of every agency as a normalised key, with the dates the agency is valid.
with names as (
    select
        agency_slug,
        agency_name as written_name,
        valid_from,
        valid_to
    from {{ ref("stg_registry__agencies") }}
    union all
    select
        agency_slug,
        unnest(string_split(aliases, ';')) as written_name,
        valid_from,
        valid_to
    from {{ ref("stg_registry__agencies") }}
    where aliases is not null
),

keyed as (
    select
        {{ normalised_name("written_name") }} as name_key,
        agency_slug,
        valid_from,
        valid_to
    from names
)

select distinct
    name_key,
    agency_slug,
    valid_from,
    valid_to
from keyed
where name_key is not null
