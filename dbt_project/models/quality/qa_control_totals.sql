-- Published totals against what the lines add up to: totals printed in a return (summed by intake) and totals the
-- registry knows. A total nothing loaded can reach says so.
with printed as (
    select
        'return' as control_origin,
        return_id || '/' || revision_id as control_id,
        return_id,
        revision_id,
        cast(null as varchar) as kind,
        financial_year,
        scope,
        control_label,
        printed_gbp,
        summed_gbp,
        coalesce(tolerance_gbp, 0) as tolerance_gbp,
        source,
        cast(null as varchar) as vintage
    from {{ ref("stg_intake__controls") }}
),

outlays as (
    select
        kind,
        financial_year,
        agency_slug,
        sum(amount_gbp) as outlay_gbp
    from {{ ref("int_flow__unioned") }}
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
        controls.control_id,
        cast(null as varchar) as return_id,
        cast(null as varchar) as revision_id,
        controls.kind,
        controls.financial_year,
        controls.scope,
        controls.control_label,
        controls.value_gbp as printed_gbp,
        cast(summed.outlay_gbp as decimal(18, 2)) as summed_gbp,
        coalesce(controls.tolerance_gbp, 0) as tolerance_gbp,
        controls.source,
        controls.vintage
    from {{ ref("stg_registry__control_totals") }} as controls
    left join summed on controls.control_id = summed.control_id
),

united as (
    select * from printed
    union all by name
    select * from known
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
        else 'disagrees'
    end as status,
    source,
    vintage
from united
