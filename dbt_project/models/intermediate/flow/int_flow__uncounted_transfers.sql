-- Transfers recognised in a layer that does not count for its agency and year: seen, never divided, never eliminated.
select
    'NOT_ALLOCATED' as place_code,
    flows.financial_year,
    flows.agency_slug as payer_agency,
    flows.counterparty_agency as payee_agency,
    flows.transfer_kind,
    flows.funding_route,
    flows.funding_stream,
    flows.layer,
    flows.kind,
    'not_counted' as treatment,
    'layer_does_not_count' as reason,
    false as is_counting_layer,
    cast(sum(flows.line_count) as bigint) as flow_count,
    sum({{ pence("flows.amount_gbp") }}) as payer_pence,
    0 as eliminated_pence
from {{ ref("int_flow__sums") }} as flows
anti join {{ ref("int_agency__counting_layer") }} as counting
    on flows.agency_slug = counting.agency_slug
        and flows.financial_year = counting.financial_year
        and flows.account_kind = counting.kind
where flows.flow = 'outlay' and flows.transfer_kind is not null
group by all
