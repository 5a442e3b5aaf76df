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

-- What stands there twice stands beside itself when sorted, which takes half of what grouping does. Halves of hashes
-- let some in that do not belong; they leave when the few are asked by their keys.
{% for name, key in [("amounts", "supplier_key"), ("documents", "document_key")] %}
    {{ name }}_halves as (
        select {{ half_key("hash(" ~ key ~ ", amount_pence)") }} as half_key
        from united
        where {{ key }} is not null and amount_pence > 0
    ),

    {{ name }}_sorted as (
        select
            half_key,
            lag(half_key) over (order by half_key) as half_before
        from {{ name }}_halves
    ),

    {{ name }}_twice as (
        select distinct half_key
        from {{ name }}_sorted
        where half_key = half_before
    ),

{% endfor %}
few as materialized (
    select united.*
    from united
    left join amounts_twice as amounts
        on {{ half_key("hash(united.supplier_key, united.amount_pence)") }} = amounts.half_key
    left join documents_twice as documents
        on {{ half_key("hash(united.document_key, united.amount_pence)") }} = documents.half_key
    where amounts.half_key is not null or documents.half_key is not null or united.amount_pence < 0
),

amounts as (
    select
        supplier_key,
        amount_pence
    from few
    where amount_pence > 0
    group by supplier_key, amount_pence
    having count(*) > 1
),

documents as (
    select
        document_key,
        amount_pence
    from few
    where document_key is not null and amount_pence > 0
    group by document_key, amount_pence
    having min(supplier_key) <> max(supplier_key)
),

chosen as (
    select few.*
    from few
    left join amounts
        on few.supplier_key = amounts.supplier_key
            and few.amount_pence = amounts.amount_pence
    left join documents
        on few.document_key = documents.document_key
            and few.amount_pence = documents.amount_pence
    where amounts.supplier_key is not null or documents.document_key is not null or few.amount_pence < 0
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
