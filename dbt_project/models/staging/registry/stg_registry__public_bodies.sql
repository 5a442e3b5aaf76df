select
    public_body_id,
    public_body_name,
    body_class,
    identifier_scheme,
    identifier,
    aliases,
    agency_slug,
    successor_body_id,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    source
from {{ ref("seed_public_bodies") }}
