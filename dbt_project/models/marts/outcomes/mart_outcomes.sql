-- Outcomes beside what is spent on their theme. The two stand side by side; nothing here says that one causes the
-- other. Ranked are places of one type with the same indicator, unit and direction; spend against spend of one basis.
with ranked as (
    select
        *,
        count(*) over alike as compared_place_count,
        rank() over (
            partition by financial_year, indicator_code, unit, better, place_type
            order by case better when 'lower' then value else -value end
        ) as outcome_rank,
        count(theme_consolidated_per_head_gbp) over alike_spend as compared_spend_count,
        rank() over (
            partition by
                financial_year, indicator_code, unit, better, place_type, theme_code, expenditure_basis,
                capital_or_revenue
            order by theme_consolidated_per_head_gbp desc nulls last
        ) as spend_rank
    from {{ ref("int_programme__outcomes") }}
    window
        alike as (partition by financial_year, indicator_code, unit, better, place_type),
        alike_spend as (
            partition by
                financial_year, indicator_code, unit, better, place_type, theme_code, expenditure_basis,
                capital_or_revenue
        )
)

select
    ranked.place_code,
    ranked.place_name,
    ranked.place_type,
    ranked.financial_year,
    ranked.indicator_code,
    ranked.indicator_name,
    ranked.theme_scheme,
    ranked.theme_code,
    ranked.value as outcome_value,
    ranked.unit,
    ranked.better,
    ranked.source,
    ranked.publisher_slug,
    cast(ranked.figure_count as bigint) as figure_count,
    ranked.theme_consolidated_gbp,
    ranked.expenditure_basis,
    ranked.capital_or_revenue,
    ranked.population_count,
    ranked.population_vintage,
    ranked.theme_consolidated_per_head_gbp,
    case
        when ranked.theme_consolidated_per_head_gbp is not null then null
        when ranked.theme_code is null then 'the outcome names no theme'
        when ranked.theme_consolidated_gbp is null
            then 'no consolidated spend of the place and year stands under the theme'
        else coalesce(ranked.population_reason, 'no population is known')
    end as per_head_reason,
    case when ranked.compared_place_count > 1 then ranked.outcome_rank end as outcome_rank,
    cast(ranked.compared_place_count as bigint) as compared_place_count,
    case
        when ranked.theme_consolidated_per_head_gbp is not null and ranked.compared_spend_count > 1
            then ranked.spend_rank
    end as spend_rank,
    cast(ranked.compared_spend_count as bigint) as compared_spend_count,
    case
        when ranked.compared_place_count = 1 then 'no other place of its type has the indicator in the year'
    end as rank_reason,
    coalesce(coverage.coverage, 'no spending of the place is returned') as coverage,
    'Spend and outcome stand side by side; no cause is claimed' as note
from ranked
left join {{ ref("int_programme__coverage") }} as coverage
    on ranked.place_code = coverage.place_code
        and ranked.financial_year = coverage.financial_year
