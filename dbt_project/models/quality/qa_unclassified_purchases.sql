-- Ledger money of which no rule knows what was bought, ranked by money: the next purchase rules to write. A label is
-- shown where it stands on three lines or more and has no personal title in it: what stands there once may be a person's.
{% set fields = ["expense_type", "expense_area", "department", "merchant_category"] %}
with labelled as (
    select
        lines.agency_slug,
        {% for field in fields %}
            case
                when
                    count(*) over (partition by lines.agency_slug, lines.{{ field }}) >= 3
                    and regexp_matches(lines.{{ field }}, '\b(mr|mrs|ms|miss|dr|prof|rev|sir|c/o)\b', 'i') is not true
                    then lines.{{ field }}
            end as {{ field }},
        {% endfor %}
        lines.amount_gbp
    from {{ ref("int_flow__ledger_lines") }} as lines
    inner join {{ ref("int_flow__from_spend") }} as flows on lines.flow_id = flows.flow_id
    where flows.purchase_category is null
),

summed as (
    select
        agency_slug,
        {{ fields | join(",\n        ") }},
        count(*) as line_count,
        cast(sum(amount_gbp) as decimal(18, 2)) as amount_gbp,
        cast(sum(abs(amount_gbp)) as decimal(18, 2)) as absolute_gbp
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
