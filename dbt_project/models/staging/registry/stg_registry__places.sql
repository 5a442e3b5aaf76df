{% set columns = [
    "place_code", "place_name", "place_type", "county_name", "region_name", "valid_from", "valid_to"
] %}
{{ extended_rows(ref("seed_places"), "places", columns, ["place_code"]) }}

select
    place_code,
    place_name,
    place_type,
    county_name,
    region_name,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    is_extension
from united
