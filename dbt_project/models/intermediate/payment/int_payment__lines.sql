-- Ledger lines as whole numbers: whom (payer and supplier; payer and the supplier as it is set up), which payment,
-- which document, pence. The keys are hashes for grouping inside one run and go no further.
with lines as (
    select
        flow_id,
        agency_slug,
        financial_year,
        payment_date,
        amount_gbp,
        payee_name,
        payee_identifier,
        reference
    from {{ ref("stg_spend__lines") }}
    union all
    select
        flow_id,
        agency_slug,
        financial_year,
        payment_date,
        amount_gbp,
        payee_name,
        payee_identifier,
        reference
    from {{ ref("stg_procurement_card__lines") }}
),

-- Withheld names and placeholders have no supplier.
named as (
    select
        lines.*,
        names.supplier_id,
        coalesce(lines.payee_identifier, names.supplier_key) as set_up_as,
        case
            when numbering.agency_slug is null then lines.reference
            else {{ without_line_number("lines.reference") }}
        end as payment_number
    from lines
    left join {{ ref("stg_intake__supplier_names") }} as names on lines.payee_name = names.payee_name
    left join {{ ref("int_payment__numbering") }} as numbering on lines.agency_slug = numbering.agency_slug
),

documented as (
    select
        *,
        {{ normalised_reference("payment_number") }} as document
    from named
)

select
    flow_id,
    payment_date,
    {{ pence("amount_gbp") }} as amount_pence,
    hash(agency_slug, financial_year) as agency_year_key,
    case when supplier_id is not null then hash(agency_slug, supplier_id) end as supplier_key,
    case when supplier_id is not null then hash(agency_slug, supplier_id, set_up_as) end as payee_key,
    case when document is not null then hash(agency_slug, document) end as document_key,
    case
        when supplier_id is null then null
        when payment_number is null and payment_date is null then hash(flow_id)
        else hash(agency_slug, supplier_id, set_up_as, payment_number, payment_date)
    end as transaction_key
from documented
