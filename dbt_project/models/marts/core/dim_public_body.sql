select
    public_body_id,
    public_body_name,
    body_class,
    identifier_scheme,
    identifier,
    agency_slug,
    successor_body_id,
    valid_from,
    valid_to,
    source
from {{ ref("stg_registry__public_bodies") }}
