select
    cast(price_base_year as varchar) as price_base_year,
    cast(as_known_on as timestamp) as as_known_on
from {{ source('run', 'parameters') }}
