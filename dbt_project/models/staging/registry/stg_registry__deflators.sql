select
    quarter,
    cast(left(quarter, 4) as integer) as calendar_year,
    cast(right(quarter, 1) as integer) as quarter_number,
    cast(index_value as decimal(18, 6)) as index_value,
    base,
    series,
    cast(release_date as date) as release_date
from {{ ref("seed_deflators") }}
