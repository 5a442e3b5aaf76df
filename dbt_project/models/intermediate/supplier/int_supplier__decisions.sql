-- What is decided of lines of payment, with numbers for what suppliers are summed by: who pays under which treatment
-- (`kind_no`), payer and year (`ledger_no`), what for (`purpose_no`). Lines are summed by these numbers and by
-- suppliers, and words are joined to the sums.
select
    decision_key,
    agency_slug,
    financial_year,
    place_code as recorded_place,
    method_grade as recorded_grade,
    transfer_kind,
    counterparty_agency,
    case when payee_class in ('redacted', 'placeholder', 'public_body') then payee_class end as payee_class,
    service_code,
    purchase_category,
    cast(
        dense_rank() over (
            order by agency_slug, financial_year, place_code, method_grade, transfer_kind, counterparty_agency
        ) as integer
    ) as kind_no,
    cast(dense_rank() over (order by agency_slug, financial_year) as integer) as ledger_no,
    cast(dense_rank() over (order by service_code, purchase_category) as integer) as purpose_no
from {{ ref("int_flow__ledger_facts") }}
where layer = 'transactions' and flow = 'outlay'
