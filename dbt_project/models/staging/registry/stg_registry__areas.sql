{% set columns = [
    "area_code", "area_name", "area_kind", "place_code", "valid_from", "valid_to", "source"
] %}
{{ extended_rows(ref("seed_areas"), "areas", columns, ["area_code"]) }}

select
    area_code,
    area_name,
    area_kind,
    place_code,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    source,
    is_extension
from united
