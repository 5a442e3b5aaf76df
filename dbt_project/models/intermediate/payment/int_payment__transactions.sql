{{ config(materialized='view') }}
-- The payments among the candidates, whether of one line or of several.
select
    transaction_key,
    supplier_key,
    payee_key,
    document_key,
    ledger_no,
    payment_date,
    amount_pence
from {{ ref("int_payment__candidates") }}
where is_payment
