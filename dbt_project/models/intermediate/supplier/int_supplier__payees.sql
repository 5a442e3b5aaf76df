-- The supplier of each payee name as a number of one run, and its class. Numbers begin with those of
-- int_supplier__classes; a supplier that stands under another there has one behind them.
with named as (
    select
        payee_no,
        resolved_supplier_id
    from {{ ref("int_flow__payees") }}
    where resolved_supplier_id is not null
),

others as (
    select
        resolved_supplier_id,
        row_number() over (order by resolved_supplier_id)
        + (select count(*) from {{ ref("int_supplier__classes") }}) as supplier_no
    from named
    anti join {{ ref("int_supplier__classes") }} as classes
        on named.resolved_supplier_id = classes.resolved_supplier_id
    group by resolved_supplier_id
)

select
    named.payee_no,
    cast(coalesce(classes.supplier_no, others.supplier_no) as integer) as supplier_no,
    cast(
        list_position({{ supplier_classes() }}, coalesce(classes.supplier_class, 'unclassified')) as tinyint
    ) as class_no
from named
left join {{ ref("int_supplier__classes") }} as classes
    on named.resolved_supplier_id = classes.resolved_supplier_id
left join others on named.resolved_supplier_id = others.resolved_supplier_id
