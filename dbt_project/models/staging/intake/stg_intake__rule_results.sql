select
    return_id,
    revision_id,
    agency_slug,
    rule_id,
    grain,
    severity,
    outcome,
    cast(checked_count as bigint) as checked_count,
    cast(failed_count as bigint) as failed_count,
    cast(failed_gbp as decimal(18, 2)) as failed_gbp,
    cause
from {{ source('intake', 'rule_results') }}
