-- Published figures that the count should meet, each checked by what there is to check it with: its own parts, another
-- vintage of it, or the returns that are loaded. One that nothing reaches says why.
with outturn as (
    select
        lines.financial_year,
        lines.line_key,
        sum(lines.amount_gbp) as line_gbp
    from {{ ref("stg_service_expenditure__lines") }} as lines
    inner join {{ ref("stg_registry__service_lines") }} as service_lines
        on lines.line_key = service_lines.line_key
            and service_lines.role = 'outlay'
            and (service_lines.valid_from_year is null or lines.financial_year >= service_lines.valid_from_year)
            and (service_lines.valid_to_year is null or lines.financial_year <= service_lines.valid_to_year)
    group by lines.financial_year, lines.line_key
),

outturn_years as (
    select
        financial_year,
        sum(line_gbp) as outturn_gbp
    from outturn
    group by financial_year
),

authorities as (
    select
        financial_year,
        count(distinct agency_slug) as authority_count
    from {{ ref("stg_service_expenditure__lines") }}
    group by financial_year
),

full_counts as (
    select
        place_code,
        financial_year
    from {{ ref("int_place__perimeter") }}
    group by place_code, financial_year
    having bool_and(coalesce(has_outlays, false))
),

cofog as (
    select
        count(distinct treated.place_code || treated.financial_year) as full_count,
        sum(treated.consolidated_pence) as all_pence,
        sum(treated.consolidated_pence) filter (where left(treated.service_code, 2) in ('07', '09', '10')) as band_pence
    from {{ ref("int_count__treated") }} as treated
    inner join full_counts
        on treated.place_code = full_counts.place_code
            and treated.financial_year = full_counts.financial_year
    where treated.layer = 'accounts'
),

parts as (
    select
        parts.figure_id,
        bool_or(parts.is_remainder) as has_remainder,
        sum(parts.part_value * parts.multiplied_by / parts.divided_by) as parts_value,
        sum(outturn.line_gbp) as line_gbp
    from {{ ref("seed_published_figure_parts") }} as parts
    inner join {{ ref("seed_published_figures") }} as figures on parts.figure_id = figures.figure_id
    left join outturn on parts.line_key = outturn.line_key and figures.period = outturn.financial_year
    group by parts.figure_id
),

-- only when every year of the ledger is there
duplicates as (
    select
        parts.figure_id,
        100 * sum(summary.naive_lines_gbp) / nullif(sum(summary.spend_gbp), 0) as naive_percent,
        100 * sum(summary.after_recurring_gbp) / nullif(sum(summary.spend_gbp), 0) as pairs_percent
    from {{ ref("seed_published_figure_parts") }} as parts
    left join {{ ref("mart_duplicate_payments_summary") }} as summary
        on parts.line_key = summary.agency_slug
            and parts.part_name = summary.financial_year
    group by parts.figure_id
    having count(*) = count(summary.agency_slug)
),

computed as (
    select
        figures.*,
        coalesce(parts.has_remainder, false) as has_remainder,
        cast(case figures.check_kind
            when 'parts' then parts.parts_value
            when 'other_vintage' then vintages.printed_value
            when 'outturn_total' then outturn_years.outturn_gbp / figures.unit_gbp
            when 'outturn_share' then 100 * parts.line_gbp / nullif(outturn_years.outturn_gbp, 0)
            when 'outturn_authorities' then authorities.authority_count
            when 'cofog_share' then 100 * cofog.band_pence / nullif(cofog.all_pence, 0)
            when 'naive_duplicates' then duplicates.naive_percent
            when 'duplicate_pairs' then duplicates.pairs_percent
        end as decimal(20, 6)) as computed_value
    from {{ ref("seed_published_figures") }} as figures
    cross join cofog
    left join parts on figures.figure_id = parts.figure_id
    left join duplicates on figures.figure_id = duplicates.figure_id
    left join {{ ref("seed_published_figures") }} as vintages on figures.other_vintage_of = vintages.figure_id
    left join outturn_years on figures.period = outturn_years.financial_year
    left join authorities on figures.period = authorities.financial_year
)

select
    figure_id,
    place_name,
    period,
    figure_name,
    cast(printed_value as decimal(20, 6)) as printed_value,
    computed_value,
    cast(computed_value - printed_value as decimal(20, 6)) as difference_value,
    cast(tolerance_value as decimal(20, 6)) as tolerance_value,
    unit,
    cast(unit_gbp as decimal(18, 2)) as unit_gbp,
    check_kind,
    case
        when computed_value is null then 'not_reachable'
        when check_kind in ('other_vintage', 'outturn_total') and abs(computed_value - printed_value) > tolerance_value
            then 'vintage_difference'
        when abs(computed_value - printed_value) > tolerance_value
            then if(check_kind = 'cofog_share', 'outside_band', 'disagrees')
        when has_remainder then 'itemised_in_part'
        else 'agrees'
    end as status,
    case
        when computed_value is not null then null
        when check_kind = 'not_reachable' then not_reachable_reason
        when check_kind in ('naive_duplicates', 'duplicate_pairs') then 'not every ledger of ' || period || ' is loaded'
        when check_kind = 'cofog_share' then 'no place of which every agency has returned accounts is loaded'
        else 'no revenue outturn of ' || period || ' is loaded'
    end as not_reachable_reason,
    is_negative_control,
    has_remainder,
    other_vintage_of,
    source,
    vintage,
    note
from computed
