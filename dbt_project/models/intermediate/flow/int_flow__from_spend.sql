-- Ledger lines in the shape of a flow. Who the payee is comes before what kind of transfer it is: a rule may name
-- another receiver than the payee (a police precept paid through the county).
with read as (
    select
        lines.*,
        payees.payee_key,
        payees.name_class,
        coalesce(identified.agency_slug, resolved.agency_slug) as payee_agency,
        identified.identifier_key is not null or resolved.payee_key is not null as is_public_body,
        rules.rule_id,
        rules.rule_id is not null
        and (rules.needs_kind is null or (lines.kind = 'spend' and card_months.agency_slug is not null)) as is_ruled,
        rules.transfer_kind as rule_kind,
        coalesce(amounts.counterparty_agency, rules.counterparty_agency) as rule_counterparty,
        coalesce(amounts.grade, rules.grade) as rule_grade,
        agencies.agency_type,
        agencies.default_service_code
    from {{ ref("int_flow__ledger_lines") }} as lines
    left join {{ ref("int_flow__payees") }} as payees on lines.payee_name = payees.payee_name
    left join {{ ref("int_flow__payee_agencies") }} as resolved
        on payees.payee_key = resolved.payee_key
            and coalesce(lines.payment_date, {{ year_start("lines.financial_year") }}) = resolved.known_date
    left join {{ ref("int_agency__identifiers") }} as identified
        on upper(trim(lines.payee_identifier)) = identified.identifier_key
    left join {{ ref("int_flow__transfer_rule_matches") }} as matches
        on lines.agency_slug = matches.agency_slug
            and lines.description is not distinct from matches.description
            and lines.payee_name is not distinct from matches.payee_name
            and lines.expense_type is not distinct from matches.expense_type
            and lines.expense_area is not distinct from matches.expense_area
            and lines.department is not distinct from matches.department
    left join {{ ref("stg_registry__transfer_rules") }} as rules on matches.rule_id = rules.rule_id
    -- One wording that holds several receivers: the amount tells them apart.
    left join {{ ref("stg_registry__transfer_amounts") }} as amounts
        on matches.rule_id = amounts.rule_id
            and lines.agency_slug = amounts.agency_slug
            and lines.financial_year = amounts.financial_year
            and lines.amount_gbp = amounts.amount_gbp
    -- A rule that needs another return holds only in the months that return speaks for.
    left join {{ ref("int_flow__card_months") }} as card_months
        on rules.needs_kind = card_months.kind
            and lines.agency_slug = card_months.agency_slug
            and date_trunc('month', lines.payment_date) = card_months.bill_month
    left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
),

decided as (
    select
        *,
        case when is_ruled then coalesce(rule_counterparty, payee_agency) else payee_agency end as counterparty_agency,
        case
            when (is_ruled and rule_counterparty is not null) or is_public_body then 'public_body'
            else coalesce(name_class, 'unclassified')
        end as payee_class
    from read
)

select
    {{ provenance_columns() }},
    'transactions' as layer,
    'outlay' as flow,
    default_service_code as service_code,
    case when default_service_code is null then 'unclassified' else 'agency_default' end as classification_grade,
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
        when is_ruled then coalesce('rule_' || rule_grade, 'rule')
        when payee_agency is not null then 'payee_resolved'
        when rule_id is not null then 'rule_not_applied'
    end as transfer_grade,
    rule_id as transfer_rule_id,
    counterparty_agency,
    payee_name as counterparty_name,
    payee_class,
    payee_key,
    place_code,
    cast(null as varchar) as place_basis,
    cast(null as varchar) as method_grade,
    payment_date,
    amount_gbp,
    amount_gbp as amount_as_filed_gbp
from decided
