-- What still has no better code than its agency's default, or none, ranked by money: the next rules to write. A label
-- is shown where it stands on three lines or more and has no personal title in it: what stands there once may be a
-- person's.
{% set fields = ["expense_area", "department", "expense_type", "merchant_category"] %}
with unclassified as (
    select
        flows.decision_key,
        flows.kind,
        flows.agency_slug,
        flows.classification_grade
    from {{ ref("int_flow__decided") }} as flows
    left join {{ ref("int_service__defaults") }} as defaults on flows.agency_slug = defaults.agency_slug
    where
        flows.classification_grade in ('unclassified', 'agency_default')
        and not coalesce(defaults.is_single_purpose, false)
        and coalesce(flows.transfer_kind not in ('collection_on_behalf', 'tax'), true)
),

worded as (
    select
        unclassified.kind,
        unclassified.agency_slug,
        unclassified.classification_grade,
        lines.wording_no,
        count(*) as line_count,
        sum(lines.amount_gbp) as amount_gbp,
        sum(abs(lines.amount_gbp)) as absolute_gbp
    from {{ ref("int_flow__lines") }} as lines
    inner join unclassified on lines.decision_key = unclassified.decision_key
    group by all
),

lines as (
    select
        worded.* exclude (wording_no),
        wordings.{{ fields | join(",\n        wordings.") }}
    from worded
    inner join {{ ref("int_flow__wordings") }} as wordings on worded.wording_no = wordings.wording_no
),

labelled as (
    select
        kind,
        agency_slug,
        classification_grade,
        {% for field in fields %}
            case
                when
                    sum(line_count) over (partition by agency_slug, {{ field }}) >= 3
                    and regexp_matches({{ field }}, '\b(mr|mrs|ms|miss|dr|prof|rev|sir|c/o)\b', 'i') is not true
                    then {{ field }}
            end as {{ field }},
        {% endfor %}
        line_count,
        amount_gbp,
        absolute_gbp
    from lines
),

summed as (
    select
        kind,
        agency_slug,
        classification_grade,
        {{ fields | join(",\n        ") }},
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(amount_gbp) as decimal(18, 2)) as amount_gbp,
        cast(sum(absolute_gbp) as decimal(18, 2)) as absolute_gbp
    from labelled
    group by all
)

select
    summed.kind,
    agencies.agency_type,
    summed.agency_slug,
    summed.classification_grade,
    summed.{{ fields | join(",\n    summed.") }},
    summed.line_count,
    summed.amount_gbp,
    summed.absolute_gbp,
    cast(row_number() over (
        partition by summed.kind, agencies.agency_type
        order by
            summed.absolute_gbp desc, summed.agency_slug asc, summed.classification_grade asc,
            summed.{{ fields | join(" asc, summed.") }} asc
    ) as integer) as money_rank
from summed
left join {{ ref("stg_registry__agencies") }} as agencies on summed.agency_slug = agencies.agency_slug
