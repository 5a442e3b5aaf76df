-- Lines of the count template in the shape of a flow. What the return says stands; blanks get the plainest reading.
select
    {{ provenance_columns("lines") }},
    'accounts' as layer,
    flow,
    coalesce(lines.service_code, defaults.service_code) as service_code,
    case
        when lines.service_code is not null then 'published'
        when defaults.service_code is not null then 'agency_default'
        else 'unclassified'
    end as classification_grade,
    economic_type,
    coalesce(capital_or_revenue, 'revenue') as capital_or_revenue,
    coalesce(expenditure_basis, 'gross') as expenditure_basis,
    'not_stated' as vat_basis,
    coalesce(funding_route, 'unknown') as funding_route,
    funding_stream,
    case when coalesce(funding_route, 'unknown') = 'unknown' then 'unknown' else 'published' end as route_grade,
    discretion,
    case
        when delivery_mode is not null then delivery_mode
        when flow <> 'outlay' then 'not_stated'
        when counterparty_agency is not null then 'transfer_public'
        when economic_type = 'pay' then 'payroll'
        when economic_type = 'benefit_transfer' then 'benefit_transfer'
        else 'not_stated'
    end as delivery_mode,
    case
        -- To a body that is not registered a recharge is a purchase too.
        when transfer_kind = 'recharge' and is_counterparty_unregistered then 'purchase'
        when transfer_kind is not null then transfer_kind
        when flow = 'outlay' and counterparty_agency = lines.agency_slug then 'recharge'
        when flow = 'outlay' and counterparty_agency is not null then 'purchase'
    end as transfer_kind,
    case
        when transfer_kind is not null then 'given'
        when flow = 'outlay' and counterparty_agency is not null then 'payee_resolved'
    end as transfer_grade,
    cast(null as varchar) as transfer_rule_id,
    counterparty_agency,
    counterparty_name,
    case when counterparty_agency is not null then 'public_body' else 'not_stated' end as payee_class,
    cast(null as varchar) as payee_key,
    place_code,
    place_basis,
    method_grade,
    cast(null as date) as payment_date,
    amount_gbp,
    amount_gbp as amount_as_filed_gbp
from {{ ref("stg_count__lines") }} as lines
left join {{ ref("int_service__defaults") }} as defaults
    on lines.flow = 'outlay' and lines.agency_slug = defaults.agency_slug
