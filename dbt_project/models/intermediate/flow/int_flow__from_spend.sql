{{ config(materialized='view') }}
-- Ledger lines in the shape of a flow: each line with what was decided of it and of its payee. A view: whoever needs no
-- single line reads int_flow__decided, which is as small as the answers differ.
select
    {{ provenance_columns("decided") | replace("decided.flow_id", "lines.flow_id")
        | replace("decided.row_number", "lines.row_number") | replace("decided.cell_ref", "lines.cell_ref") }},
    decided.* exclude (
        decision_key, return_id, revision_id, publisher_slug, agency_slug, kind, period, financial_year, file_name,
        file_sha256, sheet_name, published_as_at, landed_at, line_count, amount_gbp, absolute_gbp
    ),
    payees.payee_name as counterparty_name,
    payees.payee_key,
    payees.supplier_id,
    payees.resolved_supplier_id,
    lines.payment_date,
    lines.amount_gbp,
    lines.amount_gbp as amount_as_filed_gbp
from {{ ref("int_flow__lines") }} as lines
inner join {{ ref("int_flow__decided") }} as decided on lines.decision_key = decided.decision_key
left join {{ ref("int_flow__payees") }} as payees on lines.payee_no = payees.payee_no
