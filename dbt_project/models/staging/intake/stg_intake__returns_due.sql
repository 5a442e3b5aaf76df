select
    cast(agency_slug as varchar) as agency_slug,
    cast(kind as varchar) as kind,
    cast(period as varchar) as period,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(publisher_slug as varchar) as publisher_slug,
    cast(frequency as varchar) as frequency,
    cast(due_on as date) as due_on,
    cast(grace_until as date) as grace_until,
    cast(state as varchar) as state,
    cast(received_on as date) as received_on,
    cast(received_basis as varchar) as received_basis,
    cast(is_late as boolean) as is_late,
    cast(days_late as integer) as days_late,
    cast(is_part_received as boolean) as is_part_received,
    cast(source as varchar) as source
from {{ source('intake', 'returns_due') }}
