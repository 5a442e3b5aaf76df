select
    cast(return_id as varchar) as return_id,
    cast(revision_id as varchar) as revision_id,
    cast(agency_slug as varchar) as agency_slug,
    cast(kind as varchar) as kind,
    cast(financial_year as varchar) as financial_year,
    cast(place_code as varchar) as place_code,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    cast(reason as varchar) as reason
from {{ source('intake', 'suspense') }}
