-- How fresh what is in service is, for every agency and kind: the last period, its age, and the worst that became of
-- what has fallen due since. Gaps further back are counted, they make nothing less fresh.
with served as (
    select
        ledger.agency_slug,
        ledger.kind,
        max(ledger.publisher_slug) as publisher_slug,
        arg_max(returns.period, (returns.period_end, returns.period_start)) as last_period,
        max(returns.period_end) as last_period_end
    from {{ ref("stg_intake__ledger") }} as ledger
    inner join {{ ref("stg_intake__returns") }} as returns on ledger.revision_id = returns.revision_id
    where ledger.status = 'in_service' and ledger.accepted_count > 0
    group by ledger.agency_slug, ledger.kind
),

owed as (
    select
        due.agency_slug,
        due.kind,
        max(due.publisher_slug) as publisher_slug,
        max(case
            when due.period_end <= served.last_period_end then 0
            else case due.state when 'not_received' then 3 when 'held' then 2 when 'late' then 1 else 0 end
        end) as worst,
        arg_min(due.period, due.period_start) filter (where due.state = 'not_yet_due') as next_period,
        min(due.due_on) filter (where due.state = 'not_yet_due') as next_due_on,
        count(*) filter (where due.state in ('late', 'not_received', 'held')) as owed_count
    from {{ ref("qa_returns_due") }} as due
    left join served on due.agency_slug = served.agency_slug and due.kind = served.kind
    group by due.agency_slug, due.kind
),

united as (
    select
        coalesce(served.agency_slug, owed.agency_slug) as agency_slug,
        coalesce(served.kind, owed.kind) as kind,
        coalesce(served.publisher_slug, owed.publisher_slug) as publisher_slug,
        served.last_period,
        served.last_period_end,
        case owed.worst
            when 0 then 'up_to_date'
            when 1 then 'late'
            when 2 then 'held'
            when 3 then 'not_received'
            else 'no_calendar'
        end as state,
        owed.next_period,
        owed.next_due_on,
        coalesce(owed.owed_count, 0) as owed_count
    from served
    full outer join owed on served.agency_slug = owed.agency_slug and served.kind = owed.kind
)

select
    united.agency_slug,
    united.kind,
    united.publisher_slug,
    united.last_period,
    cast(greatest(parameters.as_of - united.last_period_end + 1, 0) as integer) as age_days,
    united.state,
    united.next_period,
    united.next_due_on,
    cast(united.owed_count as integer) as owed_count,
    parameters.as_of
from united
inner join {{ ref("stg_registry__agencies") }} as agencies on united.agency_slug = agencies.agency_slug
cross join {{ ref("stg_run__parameters") }} as parameters
