{{ config(materialized='view') }}
-- Every accepted line, all layers, not divided over places, with where it comes from. No free text and no name of a
-- payee. A view over narrow tables, here and in the release: what many lines share is kept once.
select
    {{ line_flow_id("lines", "facts") }} as flow_id,
    facts.return_id,
    facts.revision_id,
    facts.publisher_slug,
    facts.agency_slug,
    facts.kind,
    facts.period,
    facts.financial_year,
    facts.file_name,
    facts.file_sha256,
    facts.sheet_name,
    lines.row_number,
    {{ line_cell_ref("lines") }} as cell_ref,
    facts.published_as_at,
    facts.landed_at,
    facts.layer,
    facts.flow,
    facts.is_counting_layer,
    lines.payment_date,
    lines.amount_gbp,
    facts.service_code,
    facts.classification_grade,
    facts.service_rule_id,
    facts.purchase_category,
    facts.purchase_grade,
    facts.purchase_rule_id,
    facts.economic_type,
    facts.capital_or_revenue,
    facts.expenditure_basis,
    facts.vat_basis,
    facts.funding_route,
    facts.funding_stream,
    facts.directed_by,
    facts.is_ringfenced,
    facts.route_grade,
    facts.discretion,
    facts.delivery_mode,
    facts.transfer_kind,
    facts.transfer_grade,
    facts.transfer_rule_id,
    facts.counterparty_agency,
    facts.payee_class,
    payees.supplier_id,
    payees.resolved_supplier_id,
    facts.place_code,
    facts.place_basis,
    facts.method_grade
from {{ ref("int_flow__lines") }} as lines
inner join {{ ref("int_flow__ledger_facts") }} as facts on lines.decision_key = facts.decision_key
left join {{ ref("int_flow__payees") }} as payees on lines.payee_no = payees.payee_no
union all by name
select *
from {{ ref("int_flow__other_facts") }}
