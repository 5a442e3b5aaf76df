-- The payers of each supplier with two or more of them in a place and year: an agency counts where the lines that are
-- of the place, in whole or in part, come to the threshold undivided. The lead pays most, ties by name.
with paid as (
    select
        placed.place_code,
        placed.financial_year,
        placed.supplier_key,
        coalesce(bodies.payer_slug, placed.agency_slug) as agency_slug,
        any_value(placed.supplier_class) as supplier_class,
        sum(placed.part_pence) as spend_pence,
        sum(placed.whole_pence) as whole_pence,
        max(placed.method_grade) as method_grade
    from {{ ref("int_supplier__placed") }} as placed
    left join {{ ref("int_supplier__payer_bodies") }} as bodies
        on placed.agency_slug = bodies.agency_slug
            and placed.financial_year = bodies.financial_year
    where placed.supplier_key is not null and not placed.is_credit
    group by all
),

payers as (
    select *
    from paid
    where whole_pence >= {{ payer_threshold_pence() }} and spend_pence > 0
)

select
    *,
    count(*) over supplier as payer_count,
    row_number() over (supplier order by spend_pence desc, agency_slug asc) as payer_rank,
    hash(financial_year, agency_slug, supplier_key) as payer_key,
    hash(place_code, financial_year, supplier_key) as shared_key
from payers
window supplier as (partition by place_code, financial_year, supplier_key)
qualify count(*) over supplier > 1
