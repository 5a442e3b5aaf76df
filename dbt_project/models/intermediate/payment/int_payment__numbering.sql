-- Whose references are numbers of lines: nearly all end in one, and what is left when it is taken off stands for one
-- payee and one day. The others' references are numbers of whole payments or of documents.
with ended as (
    select agency_slug
    from {{ ref("stg_spend__lines") }}
    where reference is not null
    group by agency_slug
    having count(*) >= 100 and count(*) filter (where {{ has_line_number("reference") }}) >= 0.9 * count(*)
),

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
