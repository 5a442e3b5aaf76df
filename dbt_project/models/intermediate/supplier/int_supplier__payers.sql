-- The payers of each supplier with two or more of them in a place and year: an agency counts where the lines that are
-- of the place, in whole or in part, come to the threshold undivided. The lead pays most, ties by name. Whole numbers
-- alone: `site_no` and `payer_no` are of int_supplier__kinds.
with payers as (
    select distinct
        kind_no,
        payer_no
    from {{ ref("int_supplier__kinds") }}
),

paid as (
    select
        placed.site_no,
        placed.supplier_no,
        payers.payer_no,
        any_value(placed.class_no) as class_no,
        cast(sum(placed.part_pence) as bigint) as spend_pence,
        cast(sum(placed.whole_pence) as bigint) as whole_pence,
        max(placed.method_grade) as method_grade
    from {{ ref("int_supplier__placed") }} as placed
    inner join payers on placed.kind_no = payers.kind_no
    where placed.supplier_no is not null and not placed.is_credit
    group by placed.site_no, placed.supplier_no, payers.payer_no
    having sum(placed.whole_pence) >= {{ payer_threshold_pence() }} and sum(placed.part_pence) > 0
)

select
    *,
    count(*) over supplier as payer_count,
    row_number() over (supplier order by spend_pence desc, payer_no asc) as payer_rank,
    {{ paired("payer_no", "supplier_no") }} as payer_key,
    {{ paired("site_no", "supplier_no") }} as shared_key
from paid
window supplier as (partition by site_no, supplier_no)
qualify count(*) over supplier > 1
