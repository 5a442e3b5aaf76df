-- Groups with an id made of the payments in them as published (payer, payee, number, day, amount): the same whatever
-- the order of files and rows, and whatever credits arrive.
with transactions as (
    select
        group_key,
        tier,
        role,
        transaction_key,
        min(agency_slug) as agency_slug,
        max(financial_year) as financial_year,
        min(resolved_supplier_id) as resolved_supplier_id,
        min(payment_date) as payment_date,
        min(set_up_as) as set_up_as,
        min(payment_number) as payment_number,
        sum(amount_gbp) as amount_gbp
    from {{ ref("int_payment__members") }}
    group by group_key, tier, role, transaction_key
),

told as (
    select
        *,
        concat_ws(
            chr(31), coalesce(payment_date::varchar, ''), amount_gbp, set_up_as, coalesce(payment_number, '')
        ) as content
    from transactions
)

select
    group_key,
    tier,
    md5(min(agency_slug) || chr(30) || string_agg(content, chr(30) order by content) filter (where role = 'payment'))
        as group_id,
    min(agency_slug) as agency_slug,
    max(financial_year) filter (where role = 'payment') as financial_year,
    case when tier <> 'D4' then min(resolved_supplier_id) end as resolved_supplier_id,
    max(amount_gbp) as amount_gbp,
    count(*) filter (where role = 'payment') as payment_count,
    count(*) filter (where role = 'credit') as credit_count,
    count(distinct set_up_as) filter (where role = 'payment') as set_up_count,
    min(payment_date) filter (where role = 'payment') as first_payment_date,
    max(payment_date) filter (where role = 'payment') as last_payment_date
from told
group by group_key, tier
