select
    {{ provenance_columns(typed=true) }},
    nullif(trim(place_code), '') as place_code,
    nullif(trim(indicator_code), '') as indicator_code,
    nullif(trim(indicator_name), '') as indicator_name,
    nullif(trim(theme_code), '') as theme_code,
    cast(value as double) as value,
    nullif(trim(unit), '') as unit,
    nullif(trim(better), '') as better,
    nullif(trim(source), '') as source
from {{ source('lake', 'outcomes') }}
