-- Every name and alias of every agency and public body as a normalised key, with the days it names that body. After a
-- body's last day its name is its successor's, who settles its bills: a payment before that day is not the successor's.
-- name_rank: a name is that of what is shipped (0) before that of a folder's row about a shipped agency (1), before
-- that of an agency which the folder adds (2).
with agencies as (
    select
        agency_slug,
        cast(null as varchar) as public_body_id,
        agency_name || coalesce(';' || aliases, '') as written_names,
        valid_from,
        valid_to,
        case
            when not is_extension then 0
            when agency_slug in (select shipped.agency_slug from {{ ref("seed_agencies") }} as shipped) then 1
            else 2
        end as name_rank
    from {{ ref("stg_registry__agencies") }}
),

bodies as (
    select
        agency_slug,
        public_body_id,
        public_body_name || coalesce(';' || aliases, '') as written_names,
        valid_from,
        valid_to,
        0 as name_rank
    from {{ ref("stg_registry__public_bodies") }}
),

followed as (
    select
        successors.agency_slug,
        successors.public_body_id,
        bodies.public_body_name || coalesce(';' || bodies.aliases, '') as written_names,
        greatest(bodies.valid_to, successors.valid_from) as valid_from,
        successors.valid_to,
        0 as name_rank
    from {{ ref("stg_registry__public_bodies") }} as bodies
    inner join {{ ref("stg_registry__public_bodies") }} as successors
        on bodies.successor_body_id = successors.public_body_id
    where bodies.valid_to is not null
),

united as (
    select * from agencies
    union all
    select * from bodies
    union all
    select * from followed
),

written as (
    select
        * exclude (written_names),
        unnest(string_split(written_names, ';')) as written_name
    from united
),

keyed as (
    select
        {{ normalised_name("written_name") }} as name_key,
        agency_slug,
        public_body_id,
        valid_from,
        valid_to,
        name_rank
    from written
)

select distinct
    name_key,
    agency_slug,
    public_body_id,
    valid_from,
    valid_to,
    name_rank
from keyed
where name_key is not null
