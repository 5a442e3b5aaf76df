{{ config(meta={"kept_by": {
    "column": "ledger_no", "of": "agency", "reads": ["int_payment__lines", "int_payment__rolled"]
}}) }}
-- What may be in a group, and nothing else: lines and payments whose payer, supplier and amount stand there again,
-- payments whose document and amount another supplier has too, and credits. All that is asked of every line is asked
-- here, of whole numbers; the tiers are found among these few.
{% set columns = [
    "transaction_key", "supplier_key", "payee_key", "document_key", "ledger_no", "payment_date", "amount_pence"
] %}
with united as not materialized ( -- each reader takes a few of its columns
    select
        {{ columns | join(",\n        ") }},
        origin_no,
        row_number
    from {{ ref("int_payment__lines") }}
    where transaction_key is not null
    union all by name
    select {{ columns | join(", ") }}
    from {{ ref("int_payment__rolled") }}
),

amounts as (
    select
        supplier_key,
        amount_pence
    from united
    where amount_pence > 0
    group by supplier_key, amount_pence
    having count(*) > 1
),

documents as (
    select
        document_key,
        amount_pence
    from united
    where document_key is not null and amount_pence > 0
    group by document_key, amount_pence
    having min(supplier_key) <> max(supplier_key)
),

chosen as (
    select united.*
    from united
    left join amounts
        on united.supplier_key = amounts.supplier_key
            and united.amount_pence = amounts.amount_pence
    left join documents
        on united.document_key = documents.document_key
            and united.amount_pence = documents.amount_pence
    where amounts.supplier_key is not null or documents.document_key is not null or united.amount_pence < 0
)

select
    chosen.{{ columns | join(",\n    chosen.") }},
    chosen.origin_no,
    chosen.row_number,
    -- a line, which may be a payment of its own; else a payment of several lines
    chosen.origin_no is not null as is_line,
    chosen.origin_no is null or rolled.transaction_key is null as is_payment
from chosen
left join {{ ref("int_payment__rolled") }} as rolled on chosen.transaction_key = rolled.transaction_key
