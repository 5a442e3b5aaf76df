{{ config(meta={"kept_by": {"column": "origin_no", "reads": ["int_flow__lines"], "beside": {
    "int_flow__origins": {"key": ["origin_no"], "says": ["ledger_no", "agency_slug"]},
    "int_flow__payees": {"key": ["payee_no"], "says": ["payee_name"]}
}}}) }}
-- Ledger lines as whole numbers: whom (payer and supplier; payer and the supplier as it is set up), which payment,
-- which document, pence. Made of the narrow lines: a name is a key once, not line by line. The keys are hashes for
-- grouping inside one run and go no further.
with payers as (
    select
        origins.origin_no,
        origins.ledger_no,
        hash(origins.agency_slug) as agency_key,
        numbering.agency_slug is not null as is_numbered_by_line
    from {{ ref("int_flow__origins") }} as origins
    left join {{ ref("int_payment__numbering") }} as numbering on origins.agency_slug = numbering.agency_slug
),

-- Withheld names and placeholders have no supplier.
suppliers as (
    select
        payees.payee_no,
        hash(names.supplier_id) as supplier_key,
        hash(names.supplier_key) as name_key
    from {{ ref("int_flow__payees") }} as payees
    inner join {{ ref("stg_intake__supplier_names") }} as names on payees.payee_name = names.payee_name
    where names.supplier_id is not null
),

keyed as (
    select
        lines.origin_no,
        lines.row_number,
        {{ cell_key("lines") }} as cell_key,
        lines.payment_date,
        lines.amount_gbp,
        payers.ledger_no,
        payers.agency_key,
        payers.is_numbered_by_line and lines.number_key is not null as has_line_number,
        case
            when suppliers.payee_no is not null then hash(payers.agency_key, suppliers.supplier_key)
        end as supplier_key,
        coalesce(lines.set_up_key, suppliers.name_key) as set_up_key,
        if(has_line_number, lines.number_key, lines.reference_key) as reference_key,
        nullif(
            case
                when has_line_number then lines.number_document_key
                else coalesce(lines.own_document_key, lines.reference_key)
            end, 0
        ) as document_key
    from {{ ref("int_flow__lines") }} as lines
    inner join payers on lines.origin_no = payers.origin_no
    left join suppliers on lines.payee_no = suppliers.payee_no
)

select
    origin_no,
    row_number,
    cell_key,
    ledger_no,
    payment_date,
    {{ pence("amount_gbp") }} as amount_pence,
    supplier_key,
    case when supplier_key is not null then {{ half_key("hash(supplier_key, set_up_key)") }} end as payee_key,
    case when document_key is not null then hash(agency_key, document_key) end as document_key,
    case
        when supplier_key is null then null
        when reference_key is null and payment_date is null then hash(origin_no, row_number, cell_key)
        else hash(supplier_key, set_up_key, reference_key, payment_date)
    end as transaction_key
from keyed
