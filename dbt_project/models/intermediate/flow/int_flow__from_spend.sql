{{ config(materialized='view') }}
-- Ledger lines in the shape of a flow: each line with what was decided of it and of its payee. A view: whoever needs no
-- single line reads int_flow__decided, which is as small as the answers differ.
select
    {{ line_flow_id("lines", "decided") }} as flow_id,
    lines.row_number,
    {{ line_cell_ref("lines") }} as cell_ref,
    decided.* exclude (
        decision_key, origin_no, flow_prefix, line_count, amount_gbp, absolute_gbp
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
