-- Possible duplicate payments of a payer and year beside its ledger: from the naive share down to the tiers, what
-- reviewers said, whether it alarms, and what two files both had.
with tiers as (
    select
        agency_slug,
        financial_year,
        count(*) as group_count,
        sum(excess_gbp) as excess_gbp,
        sum(excess_gbp) filter (where tier = 'D1') as d1_excess_gbp,
        sum(excess_gbp) filter (where tier = 'D3') as d3_excess_gbp,
        sum(review_gbp) filter (where tier = 'D2') as d2_review_gbp,
        sum(review_gbp) filter (where tier = 'D4') as d4_review_gbp,
        sum(confirmed_gbp) as confirmed_gbp,
        sum(excess_gbp) filter (where status = 'rejected') as rejected_excess_gbp
    from {{ ref("mart_possible_duplicate_payments") }}
    group by agency_slug, financial_year
),

repeats as (
    select
        agency_slug,
        financial_year,
        count(*) as repeated_row_count,
        sum(amount_gbp) as repeated_rows_gbp
    from {{ ref("stg_intake__repeated_rows") }}
    where kind in ('spend', 'procurement_card')
    group by agency_slug, financial_year
),

figures as (
    select
        ledgers.agency_slug,
        ledgers.financial_year,
        ledgers.line_count,
        ledgers.payment_count,
        {{ pounds("ledgers.spend_pence") }} as spend_gbp,
        {{ pounds("coalesce(ledgers.without_supplier_pence, 0)") }} as without_supplier_gbp,
        {{ pounds("coalesce(naive.lines_pence, 0)") }} as naive_lines_gbp,
        {{ pounds("coalesce(naive.payments_pence, 0)") }} as naive_payments_gbp,
        {{ pounds("coalesce(naive.after_credits_pence, 0)") }} as after_credits_gbp,
        {{ pounds("coalesce(naive.after_recurring_pence, 0)") }} as after_recurring_gbp,
        {{ pounds("coalesce(naive.after_small_pence, 0)") }} as after_small_gbp,
        coalesce(tiers.group_count, 0) as group_count,
        cast(coalesce(tiers.d2_review_gbp, 0) as decimal(18, 2)) as d2_review_gbp,
        cast(coalesce(tiers.d4_review_gbp, 0) as decimal(18, 2)) as d4_review_gbp,
        cast(coalesce(tiers.d1_excess_gbp, 0) as decimal(18, 2)) as d1_excess_gbp,
        cast(coalesce(tiers.d3_excess_gbp, 0) as decimal(18, 2)) as d3_excess_gbp,
        cast(coalesce(tiers.excess_gbp, 0) as decimal(18, 2)) as excess_gbp,
        cast(coalesce(tiers.confirmed_gbp, 0) as decimal(18, 2)) as confirmed_gbp,
        cast(coalesce(tiers.rejected_excess_gbp, 0) as decimal(18, 2)) as rejected_excess_gbp,
        coalesce(repeats.repeated_row_count, 0) as repeated_row_count,
        cast(coalesce(repeats.repeated_rows_gbp, 0) as decimal(18, 2)) as repeated_rows_gbp
    from {{ ref("int_payment__ledgers") }} as ledgers
    left join {{ ref("int_payment__naive") }} as naive on ledgers.ledger_no = naive.ledger_no
    left join tiers
        on ledgers.agency_slug = tiers.agency_slug
            and ledgers.financial_year = tiers.financial_year
    left join repeats
        on ledgers.agency_slug = repeats.agency_slug
            and ledgers.financial_year = repeats.financial_year
)

select
    *,
    cast(spend_gbp + repeated_rows_gbp as decimal(18, 2)) as spend_with_repeats_gbp,
    case when spend_gbp > 0 then cast(naive_lines_gbp as double) / cast(spend_gbp as double) end as naive_share,
    case
        when spend_gbp > 0 then cast(after_recurring_gbp as double) / cast(spend_gbp as double)
    end as after_recurring_share,
    case when spend_gbp > 0 then cast(d2_review_gbp as double) / cast(spend_gbp as double) end as d2_review_share,
    case when spend_gbp > 0 then cast(d4_review_gbp as double) / cast(spend_gbp as double) end as d4_review_share,
    case when spend_gbp > 0 then cast(excess_gbp as double) / cast(spend_gbp as double) end as excess_share,
    -- what a reviewer refuses no longer alarms
    excess_gbp - rejected_excess_gbp > 0.005 * greatest(spend_gbp, 0) as is_alarm
from figures
