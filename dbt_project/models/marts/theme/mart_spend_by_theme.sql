-- Consolidated spend by theme. A partition scheme gives each pound once, remainder `unthemed`; a tag scheme does
-- not add up and says by how much.
with attributed as (
    select
        place_code,
        financial_year,
        theme_scheme,
        theme_code,
        agency_slug,
        classification_grade,
        method_grade,
        capital_or_revenue,
        expenditure_basis,
        bool_and(is_partition) as is_additive,
        sum(attributed_pence) as attributed_pence
    from {{ ref("int_count__themed") }}
    group by
        place_code, financial_year, theme_scheme, theme_code, agency_slug, classification_grade, method_grade,
        capital_or_revenue, expenditure_basis
),

totals as (
    select
        place_code,
        financial_year,
        sum(consolidated_pence) as consolidated_pence
    from {{ ref("int_count__treated") }}
    group by place_code, financial_year
),

schemes as (
    select
        place_code,
        financial_year,
        theme_scheme,
        sum(attributed_pence) as scheme_pence
    from attributed
    group by place_code, financial_year, theme_scheme
)

select
    attributed.place_code,
    places.place_name,
    attributed.financial_year,
    attributed.theme_scheme,
    attributed.theme_code,
    themes.theme_name,
    attributed.agency_slug,
    attributed.classification_grade,
    attributed.method_grade,
    attributed.capital_or_revenue,
    attributed.expenditure_basis,
    {{ pounds("attributed.attributed_pence") }} as attributed_gbp,
    attributed.is_additive,
    case
        when totals.consolidated_pence <> 0
            then cast(schemes.scheme_pence as double) / cast(totals.consolidated_pence as double)
    end as sum_over_total_ratio
from attributed
inner join totals
    on attributed.place_code = totals.place_code
        and attributed.financial_year = totals.financial_year
inner join schemes
    on attributed.place_code = schemes.place_code
        and attributed.financial_year = schemes.financial_year
        and attributed.theme_scheme = schemes.theme_scheme
left join {{ ref("dim_theme") }} as themes
    on attributed.theme_scheme = themes.theme_scheme
        and attributed.theme_code = themes.theme_code
left join {{ ref("dim_place") }} as places on attributed.place_code = places.place_code
