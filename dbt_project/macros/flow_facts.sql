{# What a released flow says beside its own line (id, row, cell, date, amount) and its supplier: the columns that many lines share.
   `flows` are rows of int_flow__unioned or int_flow__sums, `counting` those of int_agency__counting_layer. #}
{% macro shared_flow_columns() -%}
flows.return_id,
    flows.revision_id,
    flows.publisher_slug,
    flows.agency_slug,
    flows.kind,
    flows.period,
    flows.financial_year,
    flows.file_name,
    flows.file_sha256,
    flows.sheet_name,
    flows.published_as_at,
    flows.landed_at,
    flows.layer,
    flows.flow,
    flows.flow in ('outlay', 'income') and counting.kind is not null as is_counting_layer,
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
    flows.place_code,
    flows.place_basis,
    flows.method_grade
{%- endmacro %}

{# The join to what counts, for the same. #}
{% macro with_counting_layer() -%}
left join {{ ref("int_agency__counting_layer") }} as counting
    on flows.agency_slug = counting.agency_slug
        and flows.financial_year = counting.financial_year
        and flows.account_kind = counting.kind
{%- endmacro %}
