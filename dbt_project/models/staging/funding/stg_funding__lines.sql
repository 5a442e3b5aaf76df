select
    {{ money_line_columns() }},
    nullif(trim(payer_agency), '') as payer_agency,
    nullif(trim(payee_agency), '') as payee_agency,
    nullif(trim(funding_route), '') as funding_route,
    nullif(trim(funding_stream), '') as funding_stream,
    cast(is_ringfenced as boolean) as is_ringfenced,
    nullif(trim(source), '') as source
from {{ source('lake', 'funding') }}
