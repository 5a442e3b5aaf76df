select
    {{ money_line_columns() }},
    nullif(trim(benefit_code), '') as benefit_code,
    nullif(trim(benefit_name), '') as benefit_name,
    nullif(trim(place_code), '') as place_code,
    nullif(trim(source), '') as source
from {{ source('lake', 'benefits') }}
