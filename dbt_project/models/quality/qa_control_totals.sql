-- Published totals against what they total: printed in a return and summed by intake over the same file (`return`),
-- the same print against the lines that count in this release (`counted`), totals the registry knows (`registry`),
-- published figures with parts (`published`). A total nothing loaded can reach says so.
with outlays as (
    select
        kind,
        financial_year,
        agency_slug,
        sum(amount_gbp) as outlay_gbp
    from {{ ref("int_flow__sums") }}
    where flow = 'outlay'
    group by kind, financial_year, agency_slug
),

summed as (
    select
        controls.control_id,
        sum(outlays.outlay_gbp) as outlay_gbp
    from {{ ref("stg_registry__control_totals") }} as controls
    inner join outlays
        on controls.kind = outlays.kind
            and controls.financial_year = outlays.financial_year
            and (controls.scope = 'England' or controls.scope = outlays.agency_slug)
    -- Only a total of net current expenditure can be reached from lines: all outlays of the kind and year.
    where controls.control_label ilike 'net current expenditure%'
    group by controls.control_id
),

known as (
    select
        'registry' as control_origin,
        controls.* exclude (value_gbp, tolerance_gbp),
        controls.value_gbp as printed_gbp,
        cast(summed.outlay_gbp as decimal(18, 2)) as summed_gbp,
        coalesce(controls.tolerance_gbp, 0) as tolerance_gbp
    from {{ ref("stg_registry__control_totals") }} as controls
    left join summed on controls.control_id = summed.control_id
),

figures as (
    select
        'published' as control_origin,
        figure_id as control_id,
        period as financial_year,
        place_name as scope,
        figure_name as control_label,
        cast(printed_value * unit_gbp as decimal(18, 2)) as printed_gbp,
        cast(computed_value * unit_gbp as decimal(18, 2)) as summed_gbp,
        cast(tolerance_value * unit_gbp as decimal(18, 2)) as tolerance_gbp,
        source,
        vintage
    from {{ ref("qa_published_figures") }}
    where check_kind = 'parts' and unit_gbp is not null and not has_remainder
),

united as (
    select * from {{ ref("int_control__printed") }}
    union all by name
    select * from known
    union all by name
    select * from figures
)

select
    control_origin,
    control_id,
    return_id,
    revision_id,
    kind,
    financial_year,
    scope,
    control_label,
    printed_gbp,
    summed_gbp,
    cast(summed_gbp - printed_gbp as decimal(18, 2)) as difference_gbp,
    tolerance_gbp,
    abs(summed_gbp - printed_gbp) <= tolerance_gbp as is_within_tolerance,
    case
        when summed_gbp is null or printed_gbp is null then 'not_reachable'
        when abs(summed_gbp - printed_gbp) <= tolerance_gbp then 'agrees'
        when other_vintage_of is not null then 'vintage_difference'
        else 'disagrees'
    end as status,
    source,
    vintage,
    other_vintage_of
from united
