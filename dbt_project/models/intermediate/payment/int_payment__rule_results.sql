-- What the rules over payers came to, in the shape of every rule's results: for each return of payments in service
-- whether its payer and year alarm, and once for the folder whether every review names a group.
with payments as (
    select
        return_id,
        revision_id,
        agency_slug,
        financial_year
    from {{ ref("stg_intake__returns") }}
    where status = 'in_service' and kind = 'spend'
),

judged as (
    select
        payments.return_id,
        payments.revision_id,
        payments.agency_slug,
        'duplicate_excess_is_small' as rule_id,
        case
            when payers.is_alarm is null then 'not_applicable'
            when payers.is_alarm then 'failed'
            else 'passed'
        end as outcome,
        case
            when payers.is_alarm is null then 'no payment of the payer and year can be looked at'
            when payers.is_alarm
                then 'possible duplicate payments of ' || payments.financial_year || ' come to more than 0.5% of spend'
            else ''
        end as cause,
        if(payers.is_alarm, 1, 0) as failed_count,
        if(payers.is_alarm, payers.excess_gbp - payers.rejected_excess_gbp, null) as failed_gbp
    from payments
    left join {{ ref("mart_duplicate_payments_summary") }} as payers
        on payments.agency_slug = payers.agency_slug
            and payments.financial_year = payers.financial_year
    union all
    select
        null as return_id,
        null as revision_id,
        null as agency_slug,
        'review_names_a_group' as rule_id,
        if(count(*) > 0, 'failed', 'passed') as outcome,
        if(count(*) > 0, count(*) || ' reviews name no group of this release', '') as cause,
        count(*) as failed_count,
        null as failed_gbp
    from {{ ref("qa_duplicate_reviews") }}
    where state = 'unknown_group'
)

select
    cast(return_id as varchar) as return_id,
    cast(revision_id as varchar) as revision_id,
    cast(agency_slug as varchar) as agency_slug,
    rule_id,
    'payer' as grain,
    'warning' as severity,
    outcome,
    cast(if(outcome = 'not_applicable', 0, 1) as bigint) as checked_count,
    cast(failed_count as bigint) as failed_count,
    cast(failed_gbp as decimal(18, 2)) as failed_gbp,
    cause
from judged
