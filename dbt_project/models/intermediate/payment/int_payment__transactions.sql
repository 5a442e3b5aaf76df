-- Lines rolled up to payments: one payer, payee as it is set up, number and date. Without a number, what a payee gets
-- on a day is one payment. Lines of one transaction agree on every key.
select
    transaction_key,
    max(supplier_key) as supplier_key,
    max(payee_key) as payee_key,
    max(document_key) as document_key,
    max(agency_year_key) as agency_year_key,
    max(payment_date) as payment_date,
    cast(sum(amount_pence) as bigint) as amount_pence
from {{ ref("int_payment__lines") }}
where transaction_key is not null
group by transaction_key
