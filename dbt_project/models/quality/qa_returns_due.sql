-- Which return is due when, and what became of it by the day this release speaks of. The calendar decides before the
-- models run; whoever asks on a later day compares due_on and grace_until with that day.
select
    due.agency_slug,
    agencies.agency_name,
    due.kind,
    due.period,
    due.period_start,
    due.period_end,
    due.publisher_slug,
    due.frequency,
    due.due_on,
    due.grace_until,
    due.state,
    due.received_on,
    due.received_basis,
    due.is_late,
    due.days_late,
    due.is_part_received,
    due.source,
    parameters.as_of
from {{ ref("stg_intake__returns_due") }} as due
cross join {{ ref("stg_run__parameters") }} as parameters
left join {{ ref("stg_registry__agencies") }} as agencies on due.agency_slug = agencies.agency_slug
