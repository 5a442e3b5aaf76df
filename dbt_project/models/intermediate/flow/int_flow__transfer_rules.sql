-- The transfer rules with what else decides for their lines, one row each: receivers that only the amount of a line
-- tells apart, and the months in which a rule that needs another return holds (those with lines of it, and the next:
-- a card's bill follows its lines). Kept beside the rule, so that only lines that a rule fits are asked.
with receivers as (
    select
        rule_id,
        map_from_entries(
            list(
                (
                    agency_slug || '/' || financial_year || '/' || amount_gbp,
                    struct_pack(counterparty_agency := counterparty_agency, grade := grade)
                )
                order by agency_slug, financial_year, amount_gbp
            )
        ) as receivers_by_amount
    from {{ ref("stg_registry__transfer_amounts") }}
    group by rule_id
),

card_months as (
    select distinct
        agency_slug,
        date_trunc('month', payment_date) as card_month
    from {{ ref("stg_procurement_card__lines") }}
    where payment_date is not null
),

bill_months as (
    select list_sort(list(distinct agency_slug || '/' || strftime(bill_month, '%Y-%m'))) as agency_months
    from (
        select
            agency_slug,
            unnest([card_month, card_month + interval 1 month]) as bill_month
        from card_months
    ) as months
)

select
    rules.rule_id,
    rules.transfer_kind,
    rules.counterparty_agency,
    rules.grade,
    rules.needs_kind,
    receivers.receivers_by_amount,
    case when rules.needs_kind = 'procurement_card' then coalesce(bill_months.agency_months, []) end as needed_months
from {{ ref("stg_registry__transfer_rules") }} as rules
left join receivers on rules.rule_id = receivers.rule_id
cross join bill_months
