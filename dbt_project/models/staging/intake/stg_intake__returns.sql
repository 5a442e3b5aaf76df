select
    return_id,
    revision_id,
    revision_number,
    publisher_slug,
    agency_slug,
    kind,
    layer,
    period,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    financial_year,
    file_name,
    file_sha256,
    published_as_at,
    landed_at,
    status,
    hold_reason
from {{ source('intake', 'returns') }}
