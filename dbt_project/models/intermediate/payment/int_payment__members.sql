-- Lines of every group with where they come from, and what the group's id is made of: what was published of a payment,
-- not where. Reference and payee do not leave the working database. Of the texts only these lines are read again.
with found as (
    select
        transaction_key,
        group_key,
        tier,
        'payment' as role
    from {{ ref("int_payment__payments") }}
    union all
    select
        transaction_key,
        group_key,
        tier,
        'credit' as role
    from {{ ref("int_payment__credits") }}
),

grouped as (
    select
        keyed.origin_no,
        keyed.row_number,
        keyed.cell_key,
        found.*
    from {{ ref("int_payment__lines") }} as keyed
    inner join found on keyed.transaction_key = found.transaction_key
),

placed as (
    select
        grouped.transaction_key,
        grouped.group_key,
        grouped.tier,
        grouped.role,
        {{ line_flow_id("lines", "origins") }} as flow_id,
        {{ line_cell_ref("lines") }} as cell_ref,
        lines.row_number,
        lines.payment_date,
        lines.amount_gbp,
        lines.payee_no,
        origins.* exclude (origin_no, ledger_no, origin_hash, flow_prefix, place_code)
    from {{ ref("int_flow__lines") }} as lines
    inner join grouped
        on lines.origin_no = grouped.origin_no
            and lines.row_number = grouped.row_number
            and {{ cell_key("lines") }} = grouped.cell_key
    inner join {{ ref("int_flow__origins") }} as origins on lines.origin_no = origins.origin_no
)

select
    {{ provenance_columns("placed") }},
    placed.payment_date,
    placed.amount_gbp,
    placed.transaction_key,
    placed.group_key,
    placed.tier,
    placed.role,
    names.supplier_id as resolved_supplier_id,
    case
        when numbering.agency_slug is null then texts.reference
        else {{ without_line_number("texts.reference") }}
    end as payment_number,
    coalesce(texts.payee_identifier, names.supplier_key) as set_up_as
from {{ ref("int_flow__ledger_lines") }} as texts
inner join placed on texts.flow_id = placed.flow_id
left join {{ ref("int_flow__payees") }} as payees on placed.payee_no = payees.payee_no
left join {{ ref("stg_intake__supplier_names") }} as names on payees.payee_name = names.payee_name
left join {{ ref("int_payment__numbering") }} as numbering on placed.agency_slug = numbering.agency_slug
