select
    agency_slug,
    agency_name,
    agency_type,
    identifier_scheme,
    identifier,
    default_service_code,
    valid_from,
    valid_to,
    is_extension
from {{ ref("stg_registry__agencies") }}
