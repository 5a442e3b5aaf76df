-- What an agency paid a supplier in a year, credits netted, undivided over places: the one reading of the lines of
-- payment (ledgers and procurement cards, whether or not their layer counts). Transfers to other bodies stand by
-- receiver and kind (`kind_no` of int_supplier__decisions), because some of them leave the place's spend.
with decisions as (
    select
        decision_key,
        kind_no,
        cast(list_position({{ supplier_classes() }}, payee_class) as tinyint) as class_no
    from {{ ref("int_supplier__decisions") }}
)

select
    decisions.kind_no,
    suppliers.supplier_no,
    cast(
        case
            when decisions.class_no in ({{ withheld_class_nos() }}) then decisions.class_no
            when suppliers.class_no is null then {{ class_no("no_payee") }}
            when suppliers.class_no = {{ class_no("charity") }} then suppliers.class_no
            else coalesce(decisions.class_no, suppliers.class_no)
        end as tinyint
    ) as class_no,
    cast(sum({{ pence("lines.amount_gbp") }}) as bigint) as net_pence
from {{ ref("int_flow__lines") }} as lines
inner join decisions on lines.decision_key = decisions.decision_key
left join {{ ref("int_supplier__payees") }} as suppliers on lines.payee_no = suppliers.payee_no
group by all
