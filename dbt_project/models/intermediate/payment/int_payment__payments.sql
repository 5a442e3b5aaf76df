-- Payments that stand in a group, each in one: D1 and D3 (same document), D2 (another document, twice in the history),
-- D4 (same document, another supplier). Every tier is found by grouping; rows are joined only to what was found.
with documents as (
    select
        supplier_key,
        amount_pence,
        document_key,
        hash(supplier_key, amount_pence, document_key) as group_key,
        case when count(distinct payee_key) < count(*) then 'D1' else 'D3' end as tier
    from {{ ref("int_payment__repeats") }}
    where document_key is not null
    group by supplier_key, amount_pence, document_key
    having count(*) > 1
),

same_document as (
    select
        repeats.transaction_key,
        documents.group_key,
        documents.tier
    from {{ ref("int_payment__repeats") }} as repeats
    inner join documents
        on repeats.supplier_key = documents.supplier_key
            and repeats.amount_pence = documents.amount_pence
            and repeats.document_key = documents.document_key
),

pairs as (
    select
        supplier_key,
        amount_pence,
        hash(supplier_key, amount_pence) as group_key,
        max(payment_date) - min(payment_date) as days_apart
    from {{ ref("int_payment__repeats") }}
    where history_count = 2 and amount_pence >= 50000
    group by supplier_key, amount_pence
    having count(payment_date) = 2 and count(distinct document_key) = count(document_key)
),

other_document as (
    select
        repeats.transaction_key,
        pairs.group_key,
        'D2' as tier
    from {{ ref("int_payment__repeats") }} as repeats
    inner join pairs
        on repeats.supplier_key = pairs.supplier_key
            and repeats.amount_pence = pairs.amount_pence
    where pairs.days_apart <= 30
),

higher as (
    select * from same_document
    union all
    select * from other_document
),

shared_documents as (
    select
        document_key,
        amount_pence
    from {{ ref("int_payment__transactions") }}
    where document_key is not null and amount_pence > 0
    group by document_key, amount_pence
    having min(supplier_key) <> max(supplier_key)
),

other_supplier as (
    select
        transactions.transaction_key,
        hash(transactions.document_key, transactions.amount_pence) as group_key,
        'D4' as tier
    from {{ ref("int_payment__transactions") }} as transactions
    semi join shared_documents
        on transactions.document_key = shared_documents.document_key
            and transactions.amount_pence = shared_documents.amount_pence
    anti join higher on transactions.transaction_key = higher.transaction_key
    -- one left alone by the tiers above is no group
    qualify count(*) over (partition by transactions.document_key, transactions.amount_pence) > 1
),

grouped as (
    select * from higher
    union all
    select * from other_supplier
)

select
    transactions.*,
    grouped.group_key,
    grouped.tier
from {{ ref("int_payment__transactions") }} as transactions
inner join grouped on transactions.transaction_key = grouped.transaction_key
