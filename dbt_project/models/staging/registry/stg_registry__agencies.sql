{% set columns = [
    "agency_slug", "agency_name", "agency_type", "identifier_scheme", "identifier", "aliases", "default_service_code", "date_order", "valid_from", "valid_to"
] %}
{{ extended_rows(ref("seed_agencies"), "agencies", columns, ["agency_slug"]) }}

select
    agency_slug,
    agency_name,
    agency_type,
    identifier_scheme,
    identifier,
    aliases,
    default_service_code,
    date_order,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    is_extension
from united
