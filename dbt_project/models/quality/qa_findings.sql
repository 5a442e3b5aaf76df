-- Findings without what a person may have typed: the value is published for codes, dates and figures of at most 40
-- characters. message is published only when value is published or value is NULL, else the literal
-- 'see the submitter report'. Findings of the whole count come after those of its files.
with judged as (
    select
        *,
        coalesce(
            field_name in (
                'amount_gbp', 'payment_date', 'place_code', 'service_code', 'financial_year', 'period',
                'month', 'flow', 'economic_type', 'capital_or_revenue', 'expenditure_basis',
                'funding_route', 'delivery_mode', 'transfer_kind', 'place_basis', 'method_grade',
                'discretion', 'line_label',
                'award_date', 'planned_start_date', 'planned_end_date', 'raised_date', 'resolved_date', 'start_date',
                'end_date', 'asked_date', 'answered_date', 'currency', 'theme_code', 'barrier_type', 'severity',
                'effect', 'status', 'arrangement_kind', 'better', 'is_ringfenced', 'decides_money',
                'third_sector_seats', 'cost_gbp', 'benefit_gbp', 'cashable_share'
            )
            and length(value) <= 40,
            false
        )
        -- the value is the name of the other file, which qa_return_ledger publishes too
        or rule_id in ('row_stands_in_one_file_only', 'return_has_one_publisher', 'replaced_file_is_earlier_revision') as is_publishable
    from {{ ref("stg_intake__findings") }}
)

select
    finding_id,
    rule_id,
    severity,
    owner,
    outcome,
    publisher_slug,
    agency_slug,
    kind,
    period,
    return_id,
    revision_id,
    file_name,
    sheet_name,
    row_number,
    cell_ref,
    field_name,
    case when is_publishable then value end as value,
    expected,
    case when is_publishable or value is null then message else 'see the submitter report' end as message,
    amount_gbp
from judged
union all by name
select * from {{ ref("int_payment__findings") }}
