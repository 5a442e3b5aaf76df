-- Every rule of the catalogue in force on every revision of every return, and the rules about the folder once.
-- A result that is owed and was not recorded could not run, and is shown so: silence is never a pass.
with returns as (
    select distinct
        return_id,
        revision_id,
        kind,
        publisher_slug,
        agency_slug,
        period,
        status
    from {{ ref("stg_intake__returns") }}
),

rules as (
    select * from {{ ref("stg_intake__rules") }}
),

results as (
    select * from {{ ref("stg_intake__rule_results") }}
    union all by name
    select * from {{ ref("int_payment__rule_results") }}
),

owed_or_not as (
    select
        returns.return_id,
        returns.revision_id,
        returns.agency_slug,
        rules.rule_id,
        rules.grain,
        rules.severity,
        case
            when rules.is_of_folder then 'a rule about the folder of returns'
            when rules.kinds <> '*' and returns.kind is null then 'the kind of the return is not known'
            when rules.kinds <> '*' and not list_contains(string_split(rules.kinds, ';'), returns.kind)
                then 'not a rule of ' || returns.kind || ' returns'
            when rules.grain in ('month', 'overlap', 'payer') and returns.status <> 'in_service'
                then 'looks at returns in service only'
        end as excuse
    from returns
    cross join rules
    union all
    select
        cast(null as varchar) as return_id,
        cast(null as varchar) as revision_id,
        cast(null as varchar) as agency_slug,
        rule_id,
        grain,
        severity,
        cast(null as varchar) as excuse
    from rules
    where is_of_folder
),

silent as (
    select
        owed_or_not.* exclude (excuse),
        case when owed_or_not.excuse is null then 'could_not_run' else 'not_applicable' end as outcome,
        0 as checked_count,
        0 as failed_count,
        cast(null as decimal(18, 2)) as failed_gbp,
        coalesce(owed_or_not.excuse, 'no result was recorded') as cause
    from owed_or_not
    anti join results
        on owed_or_not.return_id is not distinct from results.return_id
            and owed_or_not.revision_id is not distinct from results.revision_id
            and owed_or_not.rule_id = results.rule_id
),

united as (
    select * from results
    union all by name
    select * from silent
)

select
    united.return_id,
    united.revision_id,
    returns.publisher_slug,
    united.agency_slug,
    returns.kind,
    returns.period,
    returns.status,
    united.rule_id,
    united.grain,
    united.severity,
    united.outcome,
    cast(united.checked_count as bigint) as checked_count,
    cast(united.failed_count as bigint) as failed_count,
    cast(united.failed_gbp as decimal(18, 2)) as failed_gbp,
    united.cause,
    rules.owner,
    rules.sentence
from united
left join returns
    on united.return_id = returns.return_id
        and united.revision_id = returns.revision_id
left join rules on united.rule_id = rules.rule_id
