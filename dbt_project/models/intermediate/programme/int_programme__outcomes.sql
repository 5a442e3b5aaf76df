-- Outcome figures beside the consolidated spend of their theme. Of several figures for one place, year and indicator
-- the one published last stands, and how many there were is said.
with figures as (
    select
        *,
        count(*) over figure as figure_count
    from {{ ref("stg_outcomes__lines") }}
    window figure as (partition by place_code, financial_year, indicator_code)
    qualify row_number() over (
            partition by place_code, financial_year, indicator_code
            order by published_as_at desc, publisher_slug asc, theme_code asc nulls last, flow_id asc
        ) = 1
),

money as (
    select
        place_code,
        financial_year,
        theme_scheme,
        theme_code,
        sum(consolidated_pence) as consolidated_pence,
        {{ basis_of("expenditure_basis") }} as expenditure_basis,
        {{ basis_of("capital_or_revenue") }} as capital_or_revenue
    from {{ ref("int_programme__theme_money") }}
    group by place_code, financial_year, theme_scheme, theme_code
)

select
    figures.*,
    places.place_name,
    places.place_type,
    money.theme_scheme,
    {{ pounds("money.consolidated_pence") }} as theme_consolidated_gbp,
    money.expenditure_basis,
    money.capital_or_revenue,
    measures.population_count,
    measures.population_vintage,
    measures.population_reason,
    cast(round(money.consolidated_pence / 100 / measures.population_count, 2) as decimal(18, 2))
        as theme_consolidated_per_head_gbp
from figures
left join {{ ref("dim_place") }} as places on figures.place_code = places.place_code
left join money
    on figures.place_code = money.place_code
        and figures.financial_year = money.financial_year
        and figures.theme_code = money.theme_code
left join {{ ref("int_place__year_measures") }} as measures
    on figures.place_code = measures.place_code
        and figures.financial_year = measures.financial_year
