-- Every accepted line, all layers, not divided over places, with where it comes from. No free text and no name of a
-- payee.
select
    {{ provenance_columns("flows") }},
    flows.layer,
    flows.flow,
    flows.flow in ('outlay', 'income') and counting.kind is not null as is_counting_layer,
    flows.payment_date,
    flows.amount_gbp,
    flows.service_code,
    flows.classification_grade,
    flows.service_rule_id,
    flows.purchase_category,
    flows.purchase_grade,
    flows.purchase_rule_id,
    flows.economic_type,
    flows.capital_or_revenue,
    flows.expenditure_basis,
    flows.vat_basis,
    flows.funding_route,
    flows.funding_stream,
    flows.directed_by,
    flows.is_ringfenced,
    flows.route_grade,
    flows.discretion,
    flows.delivery_mode,
    flows.transfer_kind,
    flows.transfer_grade,
    flows.transfer_rule_id,
    flows.counterparty_agency,
    flows.payee_class,
    case when flows.payee_key is not null then md5(flows.payee_key) end as supplier_id,
    flows.resolved_supplier_id,
    flows.place_code,
    flows.place_basis,
    flows.method_grade
from {{ ref("int_flow__unioned") }} as flows
left join {{ ref("int_agency__counting_layer") }} as counting
    on flows.agency_slug = counting.agency_slug
        and flows.financial_year = counting.financial_year
        and flows.account_kind = counting.kind
