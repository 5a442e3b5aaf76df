select
    cast(return_id as varchar) as return_id,
    cast(revision_id as varchar) as revision_id,
    cast(agency_slug as varchar) as agency_slug,
    cast(rule_id as varchar) as rule_id,
    cast(grain as varchar) as grain,
    cast(severity as varchar) as severity,
    cast(outcome as varchar) as outcome,
    cast(checked_count as bigint) as checked_count,
    cast(failed_count as bigint) as failed_count,
    cast(failed_gbp as decimal(18, 2)) as failed_gbp,
    cast(cause as varchar) as cause
from {{ source('intake', 'rule_results') }}
