-- What may be in a group, and nothing else: lines and payments whose payer, supplier and amount stand there again,
-- payments whose document and amount another supplier has too, and credits. All that is asked of every line is asked
-- here, of whole numbers; the tiers are found among these few.
{% set columns = [
    "transaction_key", "supplier_key", "payee_key", "document_key", "ledger_no", "payment_date", "amount_pence"
] %}
with united as (
    select
        {{ columns | join(",\n        ") }},
        origin_no,
        row_number,
        cell_column,
        own_flow_id
    from {{ ref("int_payment__lines") }}
    where transaction_key is not null
    union all by name
    select {{ columns | join(", ") }}
    from {{ ref("int_payment__rolled") }}
),

-- Asked of one number, and of as little as there is: what is found once too often is left out by the tiers.
amounts as (
    select hash(supplier_key, amount_pence) as amount_key
    from united
    where amount_pence > 0
    group by amount_key
    having count(*) > 1
),

documents as (
    select document_key
    from united
    where document_key is not null and amount_pence > 0
    group by document_key
    having count(*) > 1
),

others as (
    select
        united.document_key,
        united.amount_pence
    from united
    semi join documents on united.document_key = documents.document_key
    where united.amount_pence > 0
    group by united.document_key, united.amount_pence
    having min(united.supplier_key) <> max(united.supplier_key)
),

chosen as (
    select united.*
    from united
    left join amounts
        on hash(united.supplier_key, united.amount_pence) = amounts.amount_key
    left join others
        on united.document_key = others.document_key
            and united.amount_pence = others.amount_pence
    where amounts.amount_key is not null or others.document_key is not null or united.amount_pence < 0
)

select
    chosen.{{ columns | join(",\n    chosen.") }},
    case
        when chosen.origin_no is not null
            then coalesce(chosen.own_flow_id, origins.flow_prefix || chosen.cell_column || chosen.row_number)
    end as flow_id,
    -- a line, which may be a payment of its own; else a payment of several lines
    chosen.origin_no is not null as is_line,
    chosen.origin_no is null or rolled.transaction_key is null as is_payment
from chosen
left join {{ ref("int_flow__origins") }} as origins on chosen.origin_no = origins.origin_no
left join {{ ref("int_payment__rolled") }} as rolled on chosen.transaction_key = rolled.transaction_key
