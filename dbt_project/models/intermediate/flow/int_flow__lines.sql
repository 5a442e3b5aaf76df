{{ config(
    pre_hook="set disabled_optimizers = 'build_side_probe_side'",
    post_hook="reset disabled_optimizers",
    meta={"kept_by": {"column": "origin_no", "beside": {
        "int_flow__origins": {"key": ["origin_no"], "says": ["agency_slug", "financial_year", "kind", "flow_prefix"]},
        "int_flow__payees": {"key": ["payee_no"], "says": ["name_no", "name_class"]},
        "int_service__scopes": {"key": ["agency_slug", "financial_year"], "says": ["scope_no"]},
        "int_service__categories": {"key": ["scope_no", "wording_no"], "says": ["rule_order", "purchase_order"]},
        "int_service__words": {"key": ["scope_no", "field", "text_no"], "says": ["rule_order", "purchase_order"]}
    }}}
) }}
-- Ledger lines, narrow: what differs from line to line, numbers for what many lines share, and what rules and registers
-- say of the line. Its id is put together again by the macros in line_ids.sql. Equal answers have one `decision_key`;
-- int_flow__decided says once what follows from them.
-- Lines pass through tables that are small beside them, in the order in which they lie in their files: guessing sizes,
-- the engine would keep all lines in memory and look the small tables up in them.
with keyed as (
    select
        lines.row_number,
        regexp_replace(lines.cell_ref, '[0-9]+$', '') as cell_column, -- rtrim of digits takes four times as long
        cell_column || lines.row_number as cell_text,
        -- An id or a cell that does not follow from origin, column and row is kept as it is.
        nullif(lines.flow_id, origins.flow_prefix || cell_text) as own_flow_id,
        nullif(coalesce(lines.cell_ref, ''), cell_text) as own_cell_ref,
        lines.payment_date,
        lines.amount_gbp,
        {{ payment_keys("lines") }},
        origins.origin_no,
        origins.agency_slug,
        origins.financial_year,
        origins.kind,
        scopes.scope_no,
        {{ wording_no("lines") }} as wording_no,
        descriptions.description_no,
        payees.payee_no,
        payees.name_no,
        payees.name_class,
        identified.identifier_key is not null as is_identified,
        identified.agency_slug as identified_agency
    from {{ ref("int_flow__ledger_lines") }} as lines
    inner join {{ ref("int_flow__origins") }} as origins
        on {{ origin_no("lines") }} = origins.origin_no
    left join {{ ref("int_service__scopes") }} as scopes
        on origins.agency_slug = scopes.agency_slug and origins.financial_year = scopes.financial_year
    left join {{ ref("int_flow__payees") }} as payees on {{ payee_no("lines") }} = payees.payee_no
    left join {{ ref("int_flow__descriptions") }} as descriptions
        on origins.origin_no = descriptions.origin_no and lines.description = descriptions.description
    left join {{ ref("int_agency__identifiers") }} as identified on lines.payee_identifier = identified.identifier_key
),

-- Who the payee is comes before what kind of transfer it is: a rule may name another receiver than the payee (a police
-- precept paid through the county).
read as (
    select
        keyed.row_number,
        keyed.cell_column,
        keyed.own_flow_id,
        keyed.own_cell_ref,
        keyed.payment_date,
        keyed.amount_gbp,
        keyed.set_up_key,
        keyed.reference_key,
        keyed.own_document_key,
        keyed.number_key,
        keyed.number_document_key,
        keyed.origin_no,
        keyed.wording_no,
        keyed.payee_no,
        keyed.name_class,
        coalesce(keyed.identified_agency, resolved.agency_slug) as payee_agency,
        keyed.is_identified or resolved.name_no is not null as is_public_body,
        rules.rule_id as transfer_rule_id,
        case
            when rules.rule_id is null then false
            when rules.needs_kind is null then true
            else
                keyed.kind <> rules.needs_kind
                and list_contains(
                    rules.needed_months, keyed.agency_slug || '/' || strftime(keyed.payment_date, '%Y-%m')
                )
        end as is_ruled,
        -- One wording that holds several receivers: the amount tells them apart.
        case
            when rules.receivers_by_amount is not null
                then rules.receivers_by_amount[
                        keyed.agency_slug || '/' || keyed.financial_year || '/' || keyed.amount_gbp
                    ]
        end as receiver,
        struct_extract(receiver, 'counterparty_agency') as receiver_agency,
        struct_extract(receiver, 'grade') as receiver_grade,
        least(categories.rule_order, descriptions.rule_order, payee_names.rule_order) as service_rule_order,
        least(categories.purchase_order, descriptions.purchase_order, payee_names.purchase_order) as purchase_rule_order
    from keyed
    left join {{ ref("int_flow__named_bodies") }} as resolved
        on keyed.name_no = resolved.name_no
            and coalesce(keyed.payment_date, {{ year_start("keyed.financial_year") }}) >= resolved.from_date
            and coalesce(keyed.payment_date, {{ year_start("keyed.financial_year") }}) < resolved.to_date
    left join {{ ref("int_flow__transfer_rule_matches") }} as matches
        on keyed.origin_no = matches.origin_no
            and keyed.description_no is not distinct from matches.description_no
            and keyed.payee_no is not distinct from matches.payee_no
            and keyed.wording_no = matches.wording_no
    left join {{ ref("int_flow__transfer_rules") }} as rules on matches.rule_id = rules.rule_id
    left join {{ ref("int_service__categories") }} as categories
        on keyed.scope_no = categories.scope_no and keyed.wording_no = categories.wording_no
    left join {{ ref("int_service__words") }} as descriptions
        on descriptions.field = 'description'
            and keyed.scope_no = descriptions.scope_no
            and keyed.description_no = descriptions.text_no
    left join {{ ref("int_service__words") }} as payee_names
        on payee_names.field = 'payee_name'
            and keyed.scope_no = payee_names.scope_no
            and keyed.payee_no = payee_names.text_no
)
{% set answers = [
    "name_class", "payee_agency", "is_public_body", "transfer_rule_id", "is_ruled", "receiver_agency", "receiver_grade",
    "service_rule_order", "purchase_rule_order"
] %}

select
    row_number,
    cell_column,
    own_flow_id,
    own_cell_ref,
    payment_date,
    amount_gbp,
    set_up_key,
    reference_key,
    own_document_key,
    number_key,
    number_document_key,
    wording_no,
    payee_no,
    origin_no,
    {{ answers | join(",\n    ") }},
    hash(origin_no, {{ answers | join(", ") }}) as decision_key
from read
