-- Totals printed in returns: `return`, as intake summed the same file, and `counted`, England's lines against the lines
-- that count in this release.
with returns as (
    select
        return_id,
        revision_id,
        any_value(kind) as kind,
        -- Where nobody says when it was published, the file itself is the vintage.
        coalesce(
            cast(cast(max(published_as_at) as date) as varchar), 'file ' || left(any_value(file_sha256), 12)
        ) as vintage
    from {{ ref("stg_intake__returns") }}
    group by return_id, revision_id
),

printed as (
    select
        'return' as control_origin,
        controls.return_id || '/' || controls.revision_id as control_id,
        controls.return_id,
        controls.revision_id,
        returns.kind,
        controls.financial_year,
        controls.scope,
        controls.control_label,
        controls.printed_gbp,
        controls.summed_gbp,
        coalesce(controls.tolerance_gbp, 0) as tolerance_gbp,
        controls.source,
        returns.vintage
    from {{ ref("stg_intake__controls") }} as controls
    left join returns on controls.return_id = returns.return_id and controls.revision_id = returns.revision_id
),

line_sums as (
    select
        revision_id,
        line_key,
        sum(amount_gbp) as line_gbp
    from {{ ref("stg_service_expenditure__lines") }}
    group by revision_id, line_key
),

counted as (
    select
        'counted' as control_origin,
        printed.control_id,
        printed.return_id,
        printed.revision_id,
        printed.kind,
        printed.financial_year,
        printed.scope,
        printed.control_label,
        printed.printed_gbp,
        -- A line on which nobody spent anything has no lines.
        cast(coalesce(line_sums.line_gbp, 0) as decimal(18, 2)) as summed_gbp,
        printed.tolerance_gbp,
        printed.source,
        printed.vintage
    from printed
    inner join {{ ref("stg_registry__service_lines") }} as service_lines
        on printed.control_label = service_lines.line_key
            and service_lines.role in ('outlay', 'income')
            and (service_lines.valid_from_year is null or printed.financial_year >= service_lines.valid_from_year)
            and (service_lines.valid_to_year is null or printed.financial_year <= service_lines.valid_to_year)
    left join line_sums on printed.revision_id = line_sums.revision_id and printed.control_label = line_sums.line_key
    where printed.scope = 'England'
)

select * from printed
union all by name
select * from counted
