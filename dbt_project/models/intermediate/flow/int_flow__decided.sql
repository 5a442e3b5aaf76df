{{ config(meta={"kept_by": {"column": "origin_no", "reads": ["int_flow__lines"], "beside": {
    "int_flow__origins": {"key": ["origin_no"], "says": [
        "return_id", "revision_id", "publisher_slug", "agency_slug", "kind", "period", "financial_year", "file_name",
        "file_sha256", "sheet_name", "published_as_at", "landed_at", "place_code", "flow_prefix"
    ]}
}}}) }}
-- What is decided of ledger lines, once for all lines of one origin and the same answers: counterparty, transfer,
-- service. With how many lines and how much money that is: what needs no single line sums this and not the lines.
{% set answers = [
    "name_class", "payee_agency", "is_public_body", "transfer_rule_id", "is_ruled", "receiver_agency", "receiver_grade",
    "service_rule_order", "purchase_rule_order"
] %}
{% set origin = [
    "return_id", "revision_id", "publisher_slug", "agency_slug", "kind", "period", "financial_year", "file_name",
    "file_sha256", "sheet_name", "published_as_at", "landed_at"
] %}
with summed as (
    select
        decision_key,
        origin_no,
        {{ answers | join(",\n        ") }},
        count(*) as line_count,
        sum(amount_gbp) as amount_gbp,
        sum(abs(amount_gbp)) as absolute_gbp
    from {{ ref("int_flow__lines") }}
    group by all
),

decided as (
    select
        summed.* exclude (payee_agency),
        origins.* exclude (origin_no),
        rules.transfer_kind as rule_kind,
        rules.grade as rule_grade,
        agencies.agency_type,
        summed.payee_agency,
        case
            when summed.is_ruled
                then coalesce(summed.receiver_agency, rules.counterparty_agency, summed.payee_agency)
            else summed.payee_agency
        end as counterparty_agency,
        case
            when summed.is_public_body then 'public_body'
            when
                summed.is_ruled and coalesce(summed.receiver_agency, rules.counterparty_agency) is not null
                then 'public_body'
            else coalesce(summed.name_class, 'unclassified')
        end as payee_class
    from summed
    inner join {{ ref("int_flow__origins") }} as origins on summed.origin_no = origins.origin_no
    left join {{ ref("int_flow__transfer_rules") }} as rules on summed.transfer_rule_id = rules.rule_id
    left join {{ ref("stg_registry__agencies") }} as agencies on origins.agency_slug = agencies.agency_slug
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
        on least(decided.purchase_rule_order, transfers.purchase_order) = purchase_rules.rule_order
    left join {{ ref("stg_registry__service_rules") }} as service_rules
        on least(decided.service_rule_order, transfers.rule_order) = service_rules.rule_order
    left join {{ ref("int_service__defaults") }} as defaults on decided.agency_slug = defaults.agency_slug
)

select
    decision_key,
    origin_no,
    flow_prefix,
    {{ origin | join(",\n    ") }},
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
        when is_ruled then coalesce('rule_' || coalesce(receiver_grade, rule_grade), 'rule')
        when payee_agency is not null then 'payee_resolved'
        when transfer_rule_id is not null then 'rule_not_applied'
    end as transfer_grade,
    transfer_rule_id,
    counterparty_agency,
    payee_class,
    place_code,
    cast(null as varchar) as place_basis,
    cast(null as varchar) as method_grade,
    line_count,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    cast(absolute_gbp as decimal(18, 2)) as absolute_gbp
from classified
