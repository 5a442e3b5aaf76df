-- Ledger money of which no rule knows what was bought, ranked by money: the next purchase rules to write. A label is
-- shown where it stands on three lines or more and has no personal title in it: what stands there once may be a
-- person's.
{% set fields = ["expense_type", "expense_area", "department", "merchant_category"] %}
with worded as (
    select
        flows.agency_slug,
        lines.wording_no,
        count(*) as line_count,
        sum(lines.amount_gbp) as amount_gbp,
        sum(abs(lines.amount_gbp)) as absolute_gbp
    from {{ ref("int_flow__lines") }} as lines
    inner join {{ ref("int_flow__decided") }} as flows on lines.decision_key = flows.decision_key
    where flows.purchase_category is null
    group by all
),

labelled as (
    select
        worded.agency_slug,
        {% for field in fields %}
            case
                when
                    sum(worded.line_count) over (partition by worded.agency_slug, lines.{{ field }}) >= 3
                    and regexp_matches(lines.{{ field }}, '\b(mr|mrs|ms|miss|dr|prof|rev|sir|c/o)\b', 'i') is not true
                    then lines.{{ field }}
            end as {{ field }},
        {% endfor %}
        worded.line_count,
        worded.amount_gbp,
        worded.absolute_gbp
    from worded
    inner join {{ ref("int_flow__wordings") }} as lines on worded.wording_no = lines.wording_no
),

summed as (
    select
        agency_slug,
        {{ fields | join(",\n        ") }},
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(amount_gbp) as decimal(18, 2)) as amount_gbp,
        cast(sum(absolute_gbp) as decimal(18, 2)) as absolute_gbp
    from labelled
    group by all
)

select
    agencies.agency_type,
    summed.agency_slug,
    summed.{{ fields | join(",\n    summed.") }},
    summed.line_count,
    summed.amount_gbp,
    summed.absolute_gbp,
    cast(row_number() over (
        partition by agencies.agency_type
        order by summed.absolute_gbp desc, summed.agency_slug asc, summed.{{ fields | join(" asc, summed.") }} asc
    ) as integer) as money_rank
from summed
left join {{ ref("stg_registry__agencies") }} as agencies on summed.agency_slug = agencies.agency_slug
