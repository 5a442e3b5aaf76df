-- Ledger lines in the shape of a flow. Who the payee is comes before what kind of transfer it is: a rule may name
-- another receiver than the payee (a police precept paid through the county).
with read as (
    select
        lines.*,
        payees.payee_key,
        payees.name_class,
        payees.resolved_supplier_id,
        coalesce(identified.agency_slug, resolved.agency_slug) as payee_agency,
        identified.identifier_key is not null or resolved.payee_key is not null as is_public_body,
        rules.rule_id,
        case
            when rules.rule_id is null then false
            when rules.needs_kind is null then true
            else
                lines.kind <> rules.needs_kind
                and list_contains(
                    rules.needed_months, lines.agency_slug || '/' || strftime(lines.payment_date, '%Y-%m')
                )
        end as is_ruled,
        rules.transfer_kind as rule_kind,
        rules.counterparty_agency as rule_counterparty,
        rules.grade as rule_grade,
        -- One wording that holds several receivers: the amount tells them apart.
        case
            when rules.receivers_by_amount is not null
                then rules.receivers_by_amount[
                        lines.agency_slug || '/' || lines.financial_year || '/' || lines.amount_gbp
                    ]
        end as receiver,
        agencies.agency_type,
        least(categories.rule_order, descriptions.rule_order, payee_names.rule_order) as words_rule_order,
        least(
            categories.purchase_order, descriptions.purchase_order, payee_names.purchase_order
        ) as words_purchase_order
    from {{ ref("int_flow__ledger_lines") }} as lines
    left join {{ ref("int_flow__payees") }} as payees on lines.payee_name = payees.payee_name
    left join {{ ref("int_flow__payee_agencies") }} as resolved
        on payees.payee_key = resolved.payee_key
            and coalesce(lines.payment_date, {{ year_start("lines.financial_year") }}) = resolved.known_date
    left join {{ ref("int_agency__identifiers") }} as identified
        on lines.payee_identifier = identified.identifier_key
    left join {{ ref("int_flow__transfer_rule_matches") }} as matches
        on lines.agency_slug = matches.agency_slug
            and lines.description is not distinct from matches.description
            and lines.payee_name is not distinct from matches.payee_name
            and lines.expense_type is not distinct from matches.expense_type
            and lines.expense_area is not distinct from matches.expense_area
            and lines.department is not distinct from matches.department
    left join {{ ref("int_flow__transfer_rules") }} as rules on matches.rule_id = rules.rule_id
    left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
    left join {{ ref("int_service__categories") }} as categories
        on lines.agency_slug = categories.agency_slug
            and lines.financial_year = categories.financial_year
            and lines.expense_area is not distinct from categories.expense_area
            and lines.department is not distinct from categories.department
            and lines.expense_type is not distinct from categories.expense_type
            and lines.merchant_category is not distinct from categories.merchant_category
    left join {{ ref("int_service__words") }} as descriptions
        on descriptions.field = 'description'
            and lines.agency_slug = descriptions.agency_slug
            and lines.financial_year = descriptions.financial_year
            and lines.description = descriptions.text
    left join {{ ref("int_service__words") }} as payee_names
        on payee_names.field = 'payee_name'
            and lines.agency_slug = payee_names.agency_slug
            and lines.financial_year = payee_names.financial_year
            and lines.payee_name = payee_names.text
),

decided as (
    select
        *,
        case
            when is_ruled then coalesce(receiver.counterparty_agency, rule_counterparty, payee_agency)
            else payee_agency
        end as counterparty_agency,
        case
            when is_public_body then 'public_body'
            when is_ruled and coalesce(receiver.counterparty_agency, rule_counterparty) is not null then 'public_body'
            else coalesce(name_class, 'unclassified')
        end as payee_class
    from read
),

-- The service rule that comes first, whatever it read: categories, text, or the kind of transfer the line is.
classified as (
    select
        decided.*,
        coalesce(service_rules.service_code, defaults.service_code) as service_code,
        coalesce(
            service_rules.grade, case when defaults.service_code is null then 'unclassified' else 'agency_default' end
        ) as classification_grade,
        service_rules.rule_id as service_rule_id,
        purchase_rules.purchase_category,
        purchase_rules.grade as purchase_grade,
        purchase_rules.rule_id as purchase_rule_id
    from decided
    left join {{ ref("int_service__transfers") }} as transfers
        on case when decided.is_ruled then decided.rule_kind end = transfers.transfer_kind
    left join {{ ref("stg_registry__purchase_rules") }} as purchase_rules
        on least(decided.words_purchase_order, transfers.purchase_order) = purchase_rules.rule_order
    left join {{ ref("stg_registry__service_rules") }} as service_rules
        on least(decided.words_rule_order, transfers.rule_order) = service_rules.rule_order
    left join {{ ref("int_service__defaults") }} as defaults on decided.agency_slug = defaults.agency_slug
)

select
    {{ provenance_columns() }},
    'transactions' as layer,
    'outlay' as flow,
    service_code,
    classification_grade,
    service_rule_id,
    purchase_category,
    purchase_grade,
    purchase_rule_id,
    cast(null as varchar) as economic_type,
    'not_stated' as capital_or_revenue,
    'gross' as expenditure_basis,
    case
        when agency_type in ('la_upper', 'la_lower', 'la_unitary', 'la_parish', 'police', 'fire')
            then 'net_of_recoverable'
        else 'not_stated'
    end as vat_basis,
    'unknown' as funding_route,
    cast(null as varchar) as funding_stream,
    'unknown' as route_grade,
    cast(null as varchar) as discretion,
    case payee_class
        when 'public_body' then 'transfer_public'
        when 'company' then 'contract_private'
        else 'not_stated'
    end as delivery_mode,
    case
        when is_ruled then rule_kind
        when payee_agency = agency_slug then 'recharge'
        when payee_agency is not null then 'purchase'
    end as transfer_kind,
    case
        when is_ruled then coalesce('rule_' || coalesce(receiver.grade, rule_grade), 'rule')
        when payee_agency is not null then 'payee_resolved'
        when rule_id is not null then 'rule_not_applied'
    end as transfer_grade,
    rule_id as transfer_rule_id,
    counterparty_agency,
    payee_name as counterparty_name,
    payee_class,
    payee_key,
    resolved_supplier_id,
    place_code,
    cast(null as varchar) as place_basis,
    cast(null as varchar) as method_grade,
    payment_date,
    amount_gbp,
    amount_gbp as amount_as_filed_gbp
from classified
