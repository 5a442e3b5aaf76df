-- Whose references are numbers of lines: nearly all end in one, and what is left when it is taken off stands for one
-- payee and one day. The others' references are numbers of whole payments or of documents.
with ended as (
    select origins.agency_slug
    from {{ ref("int_flow__lines") }} as lines
    inner join {{ ref("int_flow__origins") }} as origins on lines.origin_no = origins.origin_no
    where origins.kind = 'spend' and lines.reference_key is not null
    group by origins.agency_slug
    having count(*) >= 100 and count(*) filter (where lines.is_line_number) >= 0.9 * count(*)
),

-- Only what the ledgers of these say is read as text.
numbers as (
    select
        lines.agency_slug,
        count(distinct hash(lines.payee_name, lines.payment_date)) as payee_days
    from {{ ref("stg_spend__lines") }} as lines
    semi join ended on lines.agency_slug = ended.agency_slug
    where lines.reference is not null
    group by lines.agency_slug, {{ without_line_number("lines.reference") }}
    having count(*) > 1
)

select agency_slug
from numbers
group by agency_slug
having count(*) filter (where payee_days = 1) >= 0.99 * count(*)
