-- What each payer of a shared supplier paid it for, by service and purchase category (`purpose_no` of
-- int_supplier__decisions): months, number of payments, and money for the order of the list alone. Not divided over
-- places. Only the lines of these payers and suppliers are summed.
with payers as (
    select distinct
        payer_key,
        payer_no,
        supplier_no
    from {{ ref("int_supplier__payers") }}
),

kinds as (
    select distinct
        kind_no,
        payer_no,
        {{ year_start("financial_year") }} as first_day
    from {{ ref("int_supplier__kinds") }}
    where transfer_kind is null and counterparty_agency is null and payer_no in (select payers.payer_no from payers)
),

-- first what few payers have, then who their suppliers are
paid as materialized (
    select
        kinds.payer_no,
        kinds.first_day,
        decisions.purpose_no,
        lines.payee_no,
        lines.payment_date,
        {{ pence("lines.amount_gbp") }} as paid_pence
    from {{ ref("int_flow__lines") }} as lines
    inner join {{ ref("int_supplier__decisions") }} as decisions on lines.decision_key = decisions.decision_key
    inner join kinds on decisions.kind_no = kinds.kind_no
)

select
    payers.payer_key,
    paid.purpose_no,
    {{ month_bits("paid.payment_date", "paid.first_day") }} as month_set,
    count(*) as payment_count,
    cast(sum(paid.paid_pence) as bigint) as paid_pence
from paid
inner join {{ ref("int_supplier__payees") }} as payees on paid.payee_no = payees.payee_no
inner join payers on {{ paired("paid.payer_no", "payees.supplier_no") }} = payers.payer_key
group by payers.payer_key, paid.purpose_no
