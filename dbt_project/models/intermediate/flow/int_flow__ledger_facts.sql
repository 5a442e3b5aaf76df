-- What a released flow says beside its own line, for ledger lines: once for all lines that were decided alike.
select
    flows.decision_key,
    flows.flow_prefix,
    {{ shared_flow_columns() }}
from {{ ref("int_flow__sums") }} as flows
{{ with_counting_layer() }}
where flows.decision_key is not null
