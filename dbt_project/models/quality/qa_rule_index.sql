-- Every rule on every return it is for. A rule of the kind that left no result on a return in service could not
-- run, and is shown so: silence is never a pass.
with returns as (
    select distinct
        return_id,
        revision_id,
        kind,
        publisher_slug,
        period,
        status
    from {{ ref("stg_intake__returns") }}
),

results as (
    select
        results.*,
        returns.kind,
        returns.publisher_slug,
        returns.period,
        returns.status
    from {{ ref("stg_intake__rule_results") }} as results
    left join returns
        on results.return_id = returns.return_id
            and results.revision_id = returns.revision_id
),

rules as (
    select
        kind,
        rule_id,
        max(grain) as grain,
        max(severity) as severity
    from results
    where status = 'in_service'
    group by kind, rule_id
),

silent as (
    select
        returns.return_id,
        returns.revision_id,
        cast(null as varchar) as agency_slug,
        rules.rule_id,
        rules.grain,
        rules.severity,
        'could_not_run' as outcome,
        0 as checked_count,
        0 as failed_count,
        cast(null as decimal(18, 2)) as failed_gbp,
        'no result was recorded' as cause,
        returns.kind,
        returns.publisher_slug,
        returns.period,
        returns.status
    from returns
    inner join rules on returns.kind = rules.kind
    anti join results
        on returns.return_id = results.return_id
            and returns.revision_id = results.revision_id
            and rules.rule_id = results.rule_id
    where returns.status = 'in_service'
),

united as (
    select * from results
    union all by name
    select * from silent
)

select
    return_id,
    revision_id,
    publisher_slug,
    agency_slug,
    kind,
    period,
    status,
    rule_id,
    grain,
    severity,
    outcome,
    cast(checked_count as bigint) as checked_count,
    cast(failed_count as bigint) as failed_count,
    cast(failed_gbp as decimal(18, 2)) as failed_gbp,
    cause
from united
