-- Lines of every group with where they come from, and what the group's id is made of: what was published of a payment,
-- not where. Reference and payee do not leave the working database.
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
        lines.flow_id,
        found.*
    from {{ ref("int_payment__lines") }} as lines
    inner join found on lines.transaction_key = found.transaction_key
),

staged as (
    select
        {{ provenance_columns() }},
        payment_date,
        amount_gbp,
        payee_name,
        payee_identifier,
        reference
    from {{ ref("stg_spend__lines") }}
    union all
    select
        {{ provenance_columns() }},
        payment_date,
        amount_gbp,
        payee_name,
        payee_identifier,
        reference
    from {{ ref("stg_procurement_card__lines") }}
)

select
    staged.* exclude (payee_name, payee_identifier, reference),
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
from staged
inner join grouped on staged.flow_id = grouped.flow_id
left join {{ ref("stg_intake__supplier_names") }} as names on staged.payee_name = names.payee_name
left join {{ ref("int_payment__numbering") }} as numbering on staged.agency_slug = numbering.agency_slug
