-- Benefits paid to claimants, by the place they live in, in the shape of a flow: an account of the body that pays them.
select
    {{ provenance_columns("lines") }},
    'accounts' as layer,
    'outlay' as flow,
    agencies.default_service_code as service_code,
    case when agencies.default_service_code is null then 'unclassified' else 'agency_default' end
        as classification_grade,
    'benefit_transfer' as economic_type,
    'revenue' as capital_or_revenue,
    'gross' as expenditure_basis,
    'not_stated' as vat_basis,
    'benefit_payment' as funding_route,
    cast(null as varchar) as funding_stream,
    'agency_rule' as route_grade,
    'entitlement' as discretion,
    'benefit_transfer' as delivery_mode,
    cast(null as varchar) as transfer_kind,
    cast(null as varchar) as transfer_grade,
    cast(null as varchar) as transfer_rule_id,
    cast(null as varchar) as counterparty_agency,
    cast(null as varchar) as counterparty_name,
    'not_stated' as payee_class,
    cast(null as varchar) as payee_key,
    lines.place_code,
    'for' as place_basis,
    case when lines.place_code is not null then 'B' end as method_grade,
    cast(null as date) as payment_date,
    lines.amount_gbp,
    lines.amount_gbp as amount_as_filed_gbp
from {{ ref("stg_benefits__lines") }} as lines
left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
