-- The money behind barriers, a cell once whatever the number of barriers and respondents that name it: safe to sum
-- within a basis.
with named as (
    select
        place_code,
        financial_year,
        theme_scheme,
        theme_code,
        count(*) as barrier_type_count,
        string_agg(barrier_type, ', ' order by barrier_type) as barrier_types
    from {{ ref("int_programme__barrier_cells") }}
    group by place_code, financial_year, theme_scheme, theme_code
),

money as (
    select
        place_code,
        financial_year,
        theme_scheme,
        theme_code,
        capital_or_revenue,
        expenditure_basis,
        sum(consolidated_pence) as consolidated_pence
    from {{ ref("int_programme__theme_money") }}
    group by place_code, financial_year, theme_scheme, theme_code, capital_or_revenue, expenditure_basis
)

select
    named.place_code,
    places.place_name,
    named.financial_year,
    named.theme_scheme,
    named.theme_code,
    themes.theme_name,
    money.capital_or_revenue,
    money.expenditure_basis,
    named.barrier_type_count,
    named.barrier_types,
    {{ pounds("money.consolidated_pence") }} as consolidated_gbp,
    coverage.coverage
from named
inner join money
    on named.place_code = money.place_code
        and named.financial_year = money.financial_year
        and named.theme_code = money.theme_code
left join {{ ref("int_programme__coverage") }} as coverage
    on named.place_code = coverage.place_code
        and named.financial_year = coverage.financial_year
left join {{ ref("dim_theme") }} as themes
    on named.theme_scheme = themes.theme_scheme
        and named.theme_code = themes.theme_code
left join {{ ref("dim_place") }} as places on named.place_code = places.place_code
