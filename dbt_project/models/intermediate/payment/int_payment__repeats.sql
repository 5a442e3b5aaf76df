-- Payments whose payer, supplier and amount stand on another payment too, and how often they do in the whole history.
with sets as (
    select
        supplier_key,
        amount_pence,
        count(*) as history_count
    from {{ ref("int_payment__transactions") }}
    where amount_pence > 0
    group by supplier_key, amount_pence
    having count(*) > 1
)

select
    transactions.*,
    sets.history_count
from {{ ref("int_payment__transactions") }} as transactions
inner join sets
    on transactions.supplier_key = sets.supplier_key
        and transactions.amount_pence = sets.amount_pence
