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
        coalesce(lines.own_flow_id, origins.flow_prefix || lines.cell_column || lines.row_number) as flow_id,
        lines.row_number,
        found.*
    from {{ ref("int_payment__lines") }} as lines
    inner join found on lines.transaction_key = found.transaction_key
    inner join {{ ref("int_flow__origins") }} as origins on lines.origin_no = origins.origin_no
)

select
    {{ provenance_columns("staged") }},
    staged.payment_date,
    staged.amount_gbp,
    grouped.transaction_key,
    grouped.group_key,
    grouped.tier,
    grouped.role,
    names.supplier_id as resolved_supplier_id,
    case
        when numbering.agency_slug is null then staged.reference
        else {{ without_line_number("staged.reference") }}
    end as payment_number,
    coalesce(staged.payee_identifier, names.supplier_key) as set_up_as
from {{ ref("int_flow__ledger_lines") }} as staged
inner join grouped
    on staged.row_number = grouped.row_number
        and staged.flow_id = grouped.flow_id
left join {{ ref("stg_intake__supplier_names") }} as names on staged.payee_name = names.payee_name
left join {{ ref("int_payment__numbering") }} as numbering on staged.agency_slug = numbering.agency_slug
