{{ config(meta={"kept_by": {"column": "ledger_no", "of": "agency", "reads": ["int_payment__lines"]}}) }}
-- Payments of several lines: one payer, payee as it is set up, number and date. Without a number, what a payee gets on
-- a day is one payment. Lines of one payment agree on every key. A line alone is a payment as it stands
-- (int_payment__candidates), so that only these are added up.
with halves as (
    select {{ half_key("transaction_key") }} as half_key
    from {{ ref("int_payment__lines") }}
    where transaction_key is not null
),

sorted as (
    select
        half_key,
        lag(half_key) over (order by half_key) as half_before
    from halves
),

several as (
    select distinct half_key
    from sorted
    where half_key = half_before
)

select
    lines.transaction_key,
    max(lines.supplier_key) as supplier_key,
    max(lines.payee_key) as payee_key,
    max(lines.document_key) as document_key,
    max(lines.ledger_no) as ledger_no,
    max(lines.payment_date) as payment_date,
    cast(sum(lines.amount_pence) as bigint) as amount_pence,
    count(*) as line_count
from {{ ref("int_payment__lines") }} as lines
inner join several on {{ half_key("lines.transaction_key") }} = several.half_key
group by lines.transaction_key
having count(*) > 1
