-- Lines of a revenue outturn workbook in the shape of a flow. The line decides: outlay, income, or a subtotal or
-- memorandum that is kept for the controls and never counted. `sign` makes printed negative incomes positive.
with lines as (
    select
        printed.*,
        coalesce(service_lines.role, 'not_mapped') as role,
        coalesce(service_lines.sign, 1) as line_sign,
        service_lines.service_code,
        service_lines.economic_type,
        service_lines.funding_route,
        service_lines.funding_stream,
        service_lines.transfer_kind
    from {{ ref("stg_service_expenditure__lines") }} as printed
    left join {{ ref("stg_registry__service_lines") }} as service_lines
        on printed.line_key = service_lines.line_key
            and (service_lines.valid_from_year is null or printed.financial_year >= service_lines.valid_from_year)
            and (service_lines.valid_to_year is null or printed.financial_year <= service_lines.valid_to_year)
)

select
    {{ provenance_columns() }},
    'accounts' as layer,
    role as flow,
    service_code,
    case when service_code is null then 'unclassified' else 'mapped' end as classification_grade,
    economic_type,
    'revenue' as capital_or_revenue,
    'net' as expenditure_basis,
    'not_stated' as vat_basis,
    coalesce(funding_route, 'unknown') as funding_route,
    funding_stream,
    case when funding_route is null then 'unknown' else 'agency_rule' end as route_grade,
    cast(null as varchar) as discretion,
    case
        when role = 'outlay' and economic_type in ('benefit_transfer', 'transfer_public') then economic_type
        else 'not_stated'
    end as delivery_mode,
    transfer_kind,
    case when transfer_kind is not null then 'line' end as transfer_grade,
    cast(null as varchar) as transfer_rule_id,
    cast(null as varchar) as counterparty_agency,
    cast(null as varchar) as counterparty_name,
    'not_stated' as payee_class,
    cast(null as varchar) as payee_key,
    cast(null as varchar) as place_code,
    cast(null as varchar) as place_basis,
    cast(null as varchar) as method_grade,
    cast(null as date) as payment_date,
    cast(amount_gbp * line_sign as decimal(18, 2)) as amount_gbp,
    amount_gbp as amount_as_filed_gbp
from lines
