-- Lines of every group with where they come from, and what the group's id is made of: what was published of a payment,
-- not where. Reference and payee do not leave the working database. Only texts of their keys are read again.
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
        {{ line_flow_id("lines", "origins") }} as flow_id,
        {{ line_cell_ref("lines") }} as cell_ref,
        lines.row_number,
        lines.payment_date,
        lines.amount_gbp,
        lines.payee_no,
        lines.reference_key,
        lines.set_up_key,
        grouped.transaction_key,
        grouped.group_key,
        grouped.tier,
        grouped.role,
        origins.* exclude (origin_no, ledger_no, flow_prefix, place_code)
    from {{ ref("int_flow__lines") }} as lines
    inner join grouped
        on lines.origin_no = grouped.origin_no
            and lines.row_number = grouped.row_number
            and {{ cell_key("lines") }} = grouped.cell_key
    inner join {{ ref("int_flow__origins") }} as origins on lines.origin_no = origins.origin_no
),

wanted as (
    select distinct coalesce(reference_key, set_up_key) as text_key
    from placed
),

-- The texts behind two keys, from the lake as it lies: a row that two files have reads the same in both. Asked of each
-- row, not joined: guessing how many rows the files have, the engine would keep them all and look for the few in them.
texts as (
    select distinct
        lines.reference,
        lines.payee_identifier,
        {{ text_key("lines.reference") }} as reference_key,
        {{ text_key("lines.payee_identifier") }} as set_up_key
    from (
        {% for kind in ["spend", "procurement_card"] %}
            select
                reference,
                payee_identifier,
                coalesce({{ text_key("reference") }}, {{ text_key("payee_identifier") }}) as text_key
            from {{ source("lake", kind) }}
            {{ "union all" if not loop.last }}
        {% endfor %}
    ) as lines
    where coalesce(lines.text_key in (select wanted.text_key from wanted), false)
),

published as (
    select
        placed.* exclude (reference_key, set_up_key, payee_no),
        names.supplier_id as resolved_supplier_id,
        texts.reference,
        coalesce(texts.payee_identifier, names.supplier_key) as set_up_as
    from placed
    left join texts
        on placed.reference_key is not distinct from texts.reference_key
            and placed.set_up_key is not distinct from texts.set_up_key
    left join {{ ref("int_flow__payees") }} as payees on placed.payee_no = payees.payee_no
    left join {{ ref("stg_intake__supplier_names") }} as names on payees.payee_name = names.payee_name
)

select
    {{ provenance_columns("published") }},
    published.payment_date,
    published.amount_gbp,
    published.transaction_key,
    published.group_key,
    published.tier,
    published.role,
    published.resolved_supplier_id,
    case
        when numbering.agency_slug is null then published.reference
        else {{ without_line_number("published.reference") }}
    end as payment_number,
    published.set_up_as
from published
left join {{ ref("int_payment__numbering") }} as numbering on published.agency_slug = numbering.agency_slug
