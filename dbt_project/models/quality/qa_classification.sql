-- How much of the money is classified, and how: for each kind of return and type of agency, outlays by grade. Money is
-- counted without its sign, so that a credit does not hide a payment.
with lines as (
    select
        flows.kind,
        flows.agency_slug,
        flows.classification_grade,
        -- Handed on for another body or to the tax authority: never the payer's spend, whatever its service.
        coalesce(flows.transfer_kind in ('collection_on_behalf', 'tax'), false) as is_passed_on,
        flows.line_count,
        flows.amount_gbp,
        flows.absolute_gbp
    from {{ ref("int_flow__sums") }} as flows
    where flows.flow = 'outlay'
    union all
    select
        kind,
        agency_slug,
        classification_grade,
        false as is_passed_on,
        1 as line_count,
        amount_gbp,
        abs(amount_gbp) as absolute_gbp
    from {{ ref("int_service__awards") }}
),

summed as (
    select
        lines.kind,
        coalesce(agencies.agency_type, 'not_registered') as agency_type,
        lines.classification_grade,
        lines.classification_grade = 'agency_default'
        and coalesce(defaults.is_single_purpose, false) as is_single_purpose,
        lines.is_passed_on,
        cast(sum(lines.line_count) as bigint) as line_count,
        sum(lines.amount_gbp) as amount_gbp,
        sum(lines.absolute_gbp) as absolute_gbp
    from lines
    left join {{ ref("stg_registry__agencies") }} as agencies on lines.agency_slug = agencies.agency_slug
    left join {{ ref("int_service__defaults") }} as defaults on lines.agency_slug = defaults.agency_slug
    group by all
)

select
    kind,
    agency_type,
    classification_grade,
    is_single_purpose,
    is_passed_on,
    classification_grade in ('published', 'mapped', 'keyword') or is_single_purpose as is_above_default,
    line_count,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    cast(absolute_gbp as decimal(18, 2)) as absolute_gbp,
    cast(absolute_gbp as double) / nullif(cast(sum(absolute_gbp) over (partition by kind, agency_type) as double), 0)
        as share_of_money,
    case when not is_passed_on
            then cast(absolute_gbp as double)
                / nullif(cast(sum(absolute_gbp) over (partition by kind, agency_type, is_passed_on) as double), 0)
    end as share_of_spend
from summed
