-- Which months of a year a ledger covers. A payment dated outside its return's period belongs to the period's nearest
-- month, but where it counts in another year: there to its own. A month with under a fifth of the lines of the year's
-- median month is partial.
with periods as (
    select
        revision_id,
        min(period_start) as period_start,
        max(period_end) as period_end
    from {{ ref("stg_intake__returns") }}
    group by revision_id
),

days as (
    select
        origin_no,
        payment_date,
        sum(line_count) as line_count,
        sum(amount_gbp) as amount_gbp
    from {{ source("lake", "ledger_days") }}
    group by origin_no, payment_date
),

placed as (
    select
        origins.origin_no,
        origins.agency_slug,
        origins.financial_year,
        origins.kind,
        periods.period_start,
        periods.period_end,
        coalesce(
            periods.period_start < {{ year_end("origins.financial_year") }}
            and periods.period_end > {{ year_start("origins.financial_year") }},
            false
        ) as is_own_year
    from {{ ref("int_flow__origins") }} as origins
    left join periods on origins.revision_id = periods.revision_id
),

dated as (
    select
        origins.agency_slug,
        origins.financial_year,
        origins.kind,
        days.line_count,
        days.amount_gbp,
        greatest(
            least(
                coalesce(
                    days.payment_date,
                    -- An undated line of a return of one month belongs to that month.
                    case when origins.period_end <= origins.period_start + interval 1 month
                            then origins.period_start
                    end
                ),
                case when origins.is_own_year then origins.period_end - 1 end,
                {{ year_end("origins.financial_year") }} - 1
            ),
            case when origins.is_own_year then origins.period_start end,
            {{ year_start("origins.financial_year") }}
        ) as counted_date,
        days.payment_date is null
        and coalesce(origins.period_end > origins.period_start + interval 1 month, true) as is_undated
    from days
    inner join placed as origins on days.origin_no = origins.origin_no
),

counted as (
    select
        agency_slug,
        financial_year,
        kind,
        case when is_undated then 'undated' else strftime(counted_date, '%Y-%m') end as month,
        cast(sum(line_count) as bigint) as line_count,
        sum(amount_gbp) as amount_gbp
    from dated
    group by all
),

ledgers as (
    select distinct
        agency_slug,
        financial_year,
        kind
    from counted
),

expected as (
    select
        ledgers.*,
        strftime({{ year_start("ledgers.financial_year") }} + to_months(month_number.generate_series), '%Y-%m') as month
    from ledgers
    cross join generate_series(0, 11) as month_number
    left join {{ ref("stg_registry__agencies") }} as agencies on ledgers.agency_slug = agencies.agency_slug
    where
        (
            agencies.valid_from is null
            or agencies.valid_from
            < {{ year_start("ledgers.financial_year") }} + to_months(month_number.generate_series + 1)
        )
        and (
            agencies.valid_to is null
            or agencies.valid_to > {{ year_start("ledgers.financial_year") }} + to_months(month_number.generate_series)
        )
),

months as (
    select
        coalesce(expected.agency_slug, counted.agency_slug) as agency_slug,
        coalesce(expected.financial_year, counted.financial_year) as financial_year,
        coalesce(expected.kind, counted.kind) as kind,
        coalesce(expected.month, counted.month) as month,
        expected.month is not null as is_expected,
        coalesce(counted.line_count, 0) as line_count,
        counted.amount_gbp
    from expected
    full outer join counted
        on expected.agency_slug = counted.agency_slug
            and expected.financial_year = counted.financial_year
            and expected.kind = counted.kind
            and expected.month = counted.month
)

select
    agency_slug,
    financial_year,
    kind,
    month,
    is_expected,
    line_count,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    case
        when line_count = 0 then 'missing'
        when month = 'undated' then 'undated'
        when line_count < 0.2 * median(line_count) filter (where line_count > 0 and month <> 'undated')
                over (
                    partition by agency_slug, financial_year, kind
                )
            then 'partial'
        else 'present'
    end as month_status
from months
