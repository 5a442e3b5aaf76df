-- What each agency paid each supplier in each month, by what for: the one reading of the lines of payment (ledgers and
-- procurement cards, whether or not their layer counts). Everything about suppliers is summed from here.
select
    agency_slug,
    financial_year,
    date_trunc('month', payment_date) as paid_month,
    resolved_supplier_id,
    payee_class,
    service_code,
    purchase_category,
    transfer_kind,
    counterparty_agency,
    place_code as recorded_place,
    method_grade as recorded_grade,
    count(*) as payment_count,
    sum({{ pence("amount_gbp") }}) as paid_pence
from {{ ref("fct_flow") }}
where layer = 'transactions' and flow = 'outlay'
group by all
