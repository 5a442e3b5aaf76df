-- What the naive question answers ("same supplier, same amount, within 30 days"), and what is left of it when lines are
-- payments, when credits have cancelled, when whatever recurs is left out, when small amounts are. The later line or
-- payment of two counts, in its own year.
with line_sets as (
    select
        supplier_key,
        amount_pence
    from {{ ref("int_payment__candidates") }}
    where is_line and payment_date is not null and amount_pence > 0
    group by supplier_key, amount_pence
    having count(*) > 1
),

line_repeats as (
    select
        lines.ledger_no,
        lines.amount_pence,
        lines.payment_date - lag(lines.payment_date) over (
            partition by lines.supplier_key, lines.amount_pence
            order by lines.payment_date, lines.ledger_no, lines.origin_no, lines.row_number
        ) as days_since
    from {{ ref("int_payment__candidates") }} as lines
    semi join line_sets
        on lines.supplier_key = line_sets.supplier_key
            and lines.amount_pence = line_sets.amount_pence
    where lines.is_line and lines.payment_date is not null
),

payment_repeats as (
    select
        *,
        payment_date - lag(payment_date) over (
            partition by supplier_key, amount_pence order by payment_date, transaction_key
        ) as days_since,
        min(payment_date) over (partition by supplier_key, amount_pence) as first_date,
        max(payment_date) over (partition by supplier_key, amount_pence) as last_date
    from {{ ref("int_payment__repeats") }}
    where payment_date is not null
),

soon as (
    select
        *,
        row_number() over (
            partition by supplier_key, amount_pence order by payment_date desc, transaction_key desc
        ) as number_from_last
    from payment_repeats
    where days_since <= 30
),

soon_sets as (
    select
        supplier_key,
        amount_pence,
        max(first_date) as first_date,
        max(last_date) as last_date
    from soon
    group by supplier_key, amount_pence
),

credits as (
    select
        soon_sets.supplier_key,
        soon_sets.amount_pence,
        count(*) as credit_count
    from {{ ref("int_payment__transactions") }} as transactions
    inner join soon_sets
        on transactions.supplier_key = soon_sets.supplier_key
            and transactions.amount_pence = -soon_sets.amount_pence
    where transactions.amount_pence < 0
        and transactions.payment_date between soon_sets.first_date and soon_sets.last_date + 365
    group by soon_sets.supplier_key, soon_sets.amount_pence
),

judged as (
    select
        soon.*,
        soon.number_from_last > coalesce(credits.credit_count, 0) as is_left
    from soon
    left join credits
        on soon.supplier_key = credits.supplier_key
            and soon.amount_pence = credits.amount_pence
),

steps as (
    select
        ledger_no,
        amount_pence as lines_pence,
        0 as payments_pence,
        0 as after_credits_pence,
        0 as after_recurring_pence,
        0 as after_small_pence
    from line_repeats
    where days_since <= 30
    union all
    select
        ledger_no,
        0 as lines_pence,
        amount_pence as payments_pence,
        if(is_left, amount_pence, 0) as after_credits_pence,
        if(is_left and history_count = 2, amount_pence, 0) as after_recurring_pence,
        if(is_left and history_count = 2 and amount_pence >= 50000, amount_pence, 0) as after_small_pence
    from judged
)

select
    ledger_no,
    sum(lines_pence) as lines_pence,
    sum(payments_pence) as payments_pence,
    sum(after_credits_pence) as after_credits_pence,
    sum(after_recurring_pence) as after_recurring_pence,
    sum(after_small_pence) as after_small_pence
from steps
group by ledger_no
