select
    place_code,
    place_name,
    place_type,
    county_name,
    region_name,
    valid_from,
    valid_to
from {{ ref("stg_registry__places") }}
