-- Whose references are numbers of lines: nearly all end in one, and what is left when it is taken off stands for one
-- payee and one day. The others' references are numbers of whole payments or of documents.
with origins as (
    select
        origin_no,
        agency_slug
    from {{ ref("int_flow__origins") }}
    where kind = 'spend'
),

counted as (
    select
        origin_no,
        count(*) as reference_count,
        count(number_key) as number_count
    from {{ ref("int_flow__lines") }}
    where reference_key is not null
    group by origin_no
),

ended as (
    select origins.agency_slug
    from counted
    inner join origins on counted.origin_no = origins.origin_no
    group by origins.agency_slug
    having sum(counted.reference_count) >= 100 and sum(counted.number_count) >= 0.9 * sum(counted.reference_count)
),

numbers as (
    select
        origins.agency_slug,
        count(distinct hash(lines.payee_no, lines.payment_date)) as payee_days
    from {{ ref("int_flow__lines") }} as lines
    inner join origins on lines.origin_no = origins.origin_no
    semi join ended on origins.agency_slug = ended.agency_slug
    where lines.reference_key is not null
    group by origins.agency_slug, coalesce(lines.number_key, lines.reference_key)
    having count(*) > 1
)

select agency_slug
from numbers
group by agency_slug
having count(*) filter (where payee_days = 1) >= 0.99 * count(*)
