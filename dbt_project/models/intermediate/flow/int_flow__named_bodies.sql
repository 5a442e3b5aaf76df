-- The public body that a name means in a span of days: an exact key, valid then, and of one body only; the agency it
-- is, where it is one that can make a return. Spans are cut at every day on which a body of the name begins or ends.
-- Of a name that a folder's registry gives to one agency and what is shipped to another, the shipped one is meant: a
-- clash takes no counterparty away.
with cuts as (
    select
        name_key,
        unnest([date '0001-01-01', valid_from, valid_to]) as from_date
    from {{ ref("int_agency__names") }}
),

days as (
    select distinct
        name_key,
        from_date
    from cuts
    where from_date is not null
),

spans as (
    select
        name_key,
        from_date,
        lead(from_date, 1, date '9999-12-31') over (partition by name_key order by from_date) as to_date
    from days
),

named as (
    select
        spans.name_key,
        spans.from_date,
        spans.to_date,
        names.agency_slug,
        names.public_body_id
    from spans
    inner join {{ ref("int_agency__names") }} as names
        on spans.name_key = names.name_key
            and (names.valid_from is null or spans.from_date >= names.valid_from)
            and (names.valid_to is null or spans.from_date < names.valid_to)
    qualify
        names.agency_slug is null
        or names.name_rank = min(names.name_rank) filter (where names.agency_slug is not null) over (
            partition by spans.name_key, spans.from_date
        )
)

select
    cast(dense_rank() over (order by name_key) as integer) as name_no,
    name_key,
    from_date,
    to_date,
    min(agency_slug) as agency_slug,
    min(public_body_id) as public_body_id
from named
group by name_key, from_date, to_date
-- An agency's name is its own before it is that of a body that makes no return.
having
    count(distinct agency_slug) = 1
    or (count(agency_slug) = 0 and count(distinct public_body_id) = 1)
