-- Ledger lines as whole numbers: whom (payer and supplier; payer and the supplier as it is set up), which payment,
-- which document, pence. Made of the narrow lines: a name is a key once, not line by line. The keys are hashes for
-- grouping inside one run and go no further.
with payers as (
    select
        origin_no,
        ledger_no,
        agency_slug,
        flow_prefix,
        hash(agency_slug) as agency_key
    from {{ ref("int_flow__origins") }}
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

-- Numbers of payments where the reference has the number of a line behind it.
renumbered as (
    select
        flow_id,
        row_number,
        {{ without_line_number("reference") }} as payment_number,
        {{ text_key("payment_number") }} as reference_key,
        {{ own_document_key("payment_number") }} as own_document_key
    from {{ ref("int_flow__ledger_lines") }}
    semi join {{ ref("int_payment__numbering") }} as numbering on int_flow__ledger_lines.agency_slug = numbering.agency_slug
    where {{ has_line_number("reference") }}
),

keyed as (
    select
        lines.origin_no,
        lines.row_number,
        lines.cell_column,
        lines.own_flow_id,
        lines.payment_date,
        lines.amount_gbp,
        payers.ledger_no,
        payers.agency_key,
        case when suppliers.payee_no is not null then hash(payers.agency_key, suppliers.supplier_key) end as supplier_key,
        coalesce(lines.set_up_key, suppliers.name_key) as set_up_key,
        coalesce(renumbered.reference_key, lines.reference_key) as reference_key,
        nullif(
            if(
                renumbered.flow_id is null,
                coalesce(lines.own_document_key, lines.reference_key),
                coalesce(renumbered.own_document_key, renumbered.reference_key)
            ), 0
        ) as document_key
    from {{ ref("int_flow__lines") }} as lines
    inner join payers on lines.origin_no = payers.origin_no
    left join suppliers on lines.payee_no = suppliers.payee_no
    left join renumbered
        on lines.row_number = renumbered.row_number
            and {{ line_flow_id("lines", "payers") }} = renumbered.flow_id
)

select
    origin_no,
    row_number,
    cell_column,
    own_flow_id,
    ledger_no,
    payment_date,
    {{ pence("amount_gbp") }} as amount_pence,
    supplier_key,
    case when supplier_key is not null then hash(supplier_key, set_up_key) end as payee_key,
    case when document_key is not null then hash(agency_key, document_key) end as document_key,
    case
        when supplier_key is null then null
        when reference_key is null and payment_date is null then hash(origin_no, row_number, cell_column, own_flow_id)
        else hash(supplier_key, set_up_key, reference_key, payment_date)
    end as transaction_key
from keyed
