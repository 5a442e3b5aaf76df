-- Credits of the very amount of a payment in a group, at most 365 days after it. A credit goes to one group: of its own
-- document before others, then of the higher tier, then paid last before it; what other credits do does not matter.
with possible as (
    select
        credits.transaction_key,
        credits.payment_date,
        credits.amount_pence,
        credits.document_key is not null and credits.document_key = payments.document_key as is_of_document,
        payments.group_key,
        payments.tier,
        payments.payment_date as paid_date
    from {{ ref("int_payment__transactions") }} as credits
    inner join {{ ref("int_payment__payments") }} as payments
        on credits.supplier_key = payments.supplier_key
            and credits.amount_pence = -payments.amount_pence
    where credits.amount_pence < 0
        and credits.payment_date between payments.payment_date and payments.payment_date + 365
)

select
    transaction_key,
    payment_date,
    amount_pence,
    group_key,
    tier
from possible
qualify
    row_number() over (
        partition by transaction_key order by is_of_document desc, tier asc, paid_date desc, group_key asc
    ) = 1
