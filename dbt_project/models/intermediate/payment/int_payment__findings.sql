-- Findings that only the whole count can make: a payer whose possible duplicates alarm, and a review whose group is not
-- there.
with alarms as (
    select
        'duplicate_excess_is_small' as rule_id,
        'submitter' as owner,
        agency_slug as publisher_slug,
        agency_slug,
        'spend' as kind,
        financial_year as period,
        cast(null as varchar) as file_name,
        cast(null as varchar) as value,
        'excess of possible duplicate payments (D1 and D3) at most 0.5% of spend' as expected,
        'Possible duplicate payments of ' || financial_year || ' come to '
        || format('{:,.2f}', cast(excess_gbp - rejected_excess_gbp as double)) || ' pounds in excess'
        || case
            when spend_gbp > 0
                then
                    format(
                        ', {:.2f}% of spend',
                        100 * cast(excess_gbp - rejected_excess_gbp as double) / cast(spend_gbp as double)
                    )
            else ''
        end
        || '. Look at them (totalplace duplicates list --agency ' || agency_slug || ' --year ' || financial_year
        || ') and say of each whether it is one: a reference that is used again every month, of a contract or a'
        || ' standing order, is the usual innocent cause.' as message,
        cast(excess_gbp - rejected_excess_gbp as decimal(18, 2)) as amount_gbp
    from {{ ref("mart_duplicate_payments_summary") }}
    where is_alarm
),

strangers as (
    select
        'review_names_a_group' as rule_id,
        'data_team' as owner,
        'registry' as publisher_slug,
        cast(null as varchar) as agency_slug,
        cast(null as varchar) as kind,
        cast(null as varchar) as period,
        'registry/duplicate_reviews.csv' as file_name,
        group_id as value,
        'the id of a group in mart_possible_duplicate_payments' as expected,
        'The review of group ' || group_id || ' is of no group of this release, so it decides nothing. A group to which'
        || ' a payment was added, or of which one was withdrawn, has another id: look for it (totalplace duplicates'
        || ' list), review it anew, and take this row out.' as message,
        cast(null as decimal(18, 2)) as amount_gbp
    from {{ ref("qa_duplicate_reviews") }}
    where state = 'unknown_group'
),

united as (
    select * from alarms
    union all
    select * from strangers
)

select
    md5(concat_ws(chr(31), rule_id, agency_slug, period, value)) as finding_id,
    rule_id,
    'warning' as severity,
    owner,
    'failed' as outcome,
    publisher_slug,
    agency_slug,
    kind,
    period,
    cast(null as varchar) as return_id,
    cast(null as varchar) as revision_id,
    file_name,
    cast(null as varchar) as sheet_name,
    cast(null as integer) as row_number,
    cast(null as varchar) as cell_ref,
    cast(null as varchar) as field_name,
    value,
    expected,
    message,
    amount_gbp
from united
