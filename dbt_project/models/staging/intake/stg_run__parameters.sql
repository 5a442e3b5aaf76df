select
    cast(price_base_year as varchar) as price_base_year,
    cast(as_known_on as timestamp) as as_known_on,
    cast(as_of as date) as as_of
from {{ source('run', 'parameters') }}
