-- Consolidated spend of each place and year: counting layer only, each pound once. A member of the perimeter that
-- returned no outlay is a row without money; one that spent elsewhere only is a row of noughts.
with money as (
    select
        place_code,
        financial_year,
        agency_slug,
        capital_or_revenue,
        expenditure_basis,
        place_basis,
        method_grade,
        {{ distinct_texts("driver") }} as driver,
        {{ distinct_texts("driver_vintage") }} as driver_vintage,
        sum(amount_pence) as aggregate_pence,
        sum(eliminated_pence) as eliminated_pence,
        sum(consolidated_pence) as consolidated_pence
    from {{ ref("int_count__treated") }}
    group by place_code, financial_year, agency_slug, capital_or_revenue, expenditure_basis, place_basis, method_grade
),

without_money as (
    select
        perimeter.place_code,
        perimeter.financial_year,
        perimeter.agency_slug,
        case when perimeter.has_outlays then 0 end as aggregate_pence,
        case when perimeter.has_outlays then 0 end as eliminated_pence,
        case when perimeter.has_outlays then 0 end as consolidated_pence
    from {{ ref("int_place__perimeter") }} as perimeter
    anti join money
        on perimeter.place_code = money.place_code
            and perimeter.financial_year = money.financial_year
            and perimeter.agency_slug = money.agency_slug
),

united as (
    select * from money
    union all by name
    select * from without_money
),

{{ priced_spend("int_place__year_measures", ["place_code", "financial_year"]) }}

select
    priced.place_code,
    places.place_name,
    {{ spend_columns() }}
from priced
left join {{ ref("dim_place") }} as places on priced.place_code = places.place_code
