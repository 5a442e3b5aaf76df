-- Each payer and year with a ledger, and how much of it the tiers can look at.
with ledgers as (
    select distinct
        ledger_no,
        agency_slug,
        financial_year
    from {{ ref("int_flow__origins") }}
),

counted as (
    select
        ledger_no,
        count(*) as line_count,
        sum(amount_pence) as spend_pence,
        sum(amount_pence) filter (where supplier_key is null) as without_supplier_pence,
        count(supplier_key) as with_supplier_count,
        count(document_key) filter (where supplier_key is not null) as with_reference_count,
        count(payment_date) filter (where supplier_key is not null) as with_date_count
    from {{ ref("int_payment__lines") }}
    group by ledger_no
),

-- Lines of one payment may be of two years: it is one of the later.
rolled as (
    select
        lines.ledger_no,
        count(*) as line_count
    from {{ ref("int_payment__lines") }} as lines
    semi join {{ ref("int_payment__rolled") }} as rolled on lines.transaction_key = rolled.transaction_key
    group by lines.ledger_no
),

payments as (
    select
        ledger_no,
        count(*) as payment_count
    from {{ ref("int_payment__rolled") }}
    group by ledger_no
)

select
    ledgers.agency_slug,
    ledgers.financial_year,
    counted.*,
    counted.with_supplier_count - coalesce(rolled.line_count, 0) + coalesce(payments.payment_count, 0) as payment_count
from ledgers
inner join counted on ledgers.ledger_no = counted.ledger_no
left join rolled on ledgers.ledger_no = rolled.ledger_no
left join payments on ledgers.ledger_no = payments.ledger_no
