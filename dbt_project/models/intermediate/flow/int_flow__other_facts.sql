-- Flows of every kind but ledgers as they are released, whole.
select
    flows.flow_id,
    flows.row_number,
    flows.cell_ref,
    flows.payment_date,
    flows.amount_gbp,
    flows.supplier_id,
    flows.resolved_supplier_id,
    {{ shared_flow_columns() }}
from {{ ref("int_flow__unioned") }} as flows
{{ with_counting_layer() }}
where flows.kind not in ('spend', 'procurement_card')
