select
    deflator_vintage,
    financial_year,
    cast(index_value as decimal(18, 6)) as index_value,
    cast(is_price_base as boolean) as is_price_base,
    source
from {{ ref("seed_deflator_years") }}
