select
    return_id,
    revision_id,
    agency_slug,
    kind,
    financial_year,
    place_code,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    reason
from {{ source('intake', 'suspense') }}
