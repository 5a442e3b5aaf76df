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
        string_agg(distinct driver, ', ' order by driver) as driver,
        string_agg(distinct driver_vintage, ', ' order by driver_vintage) as driver_vintage,
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

priced as (
    select
        united.*,
        {{ pounds("united.aggregate_pence") }} as aggregate_gbp,
        {{ pounds("united.eliminated_pence") }} as eliminated_gbp,
        {{ pounds("united.consolidated_pence") }} as consolidated_gbp,
        measures.price_base_year,
        measures.real_factor,
        measures.real_terms_reason,
        measures.population_count,
        measures.population_vintage,
        measures.population_reason
    from united
    left join {{ ref("int_place__year_measures") }} as measures
        on united.place_code = measures.place_code
            and united.financial_year = measures.financial_year
)

select
    priced.place_code,
    places.place_name,
    priced.financial_year,
    priced.agency_slug,
    agencies.agency_name,
    agencies.agency_type,
    counting.layer,
    counting.kind,
    priced.capital_or_revenue,
    priced.expenditure_basis,
    priced.place_basis,
    priced.method_grade,
    priced.driver,
    priced.driver_vintage,
    priced.aggregate_gbp,
    priced.eliminated_gbp,
    priced.consolidated_gbp,
    cast(round(cast(priced.consolidated_gbp as double) * priced.real_factor, 2) as decimal(18, 2))
        as consolidated_real_gbp,
    priced.price_base_year,
    priced.real_terms_reason,
    priced.population_count,
    priced.population_vintage,
    priced.population_reason,
    cast(round(cast(priced.consolidated_gbp as double) / priced.population_count, 2) as decimal(18, 2))
        as consolidated_per_head_gbp,
    {{ coverage_status("counting") }} as coverage_status
from priced
left join {{ ref("dim_place") }} as places on priced.place_code = places.place_code
left join {{ ref("dim_agency") }} as agencies on priced.agency_slug = agencies.agency_slug
left join {{ ref("int_agency__counting_layer") }} as counting
    on priced.agency_slug = counting.agency_slug
        and priced.financial_year = counting.financial_year
