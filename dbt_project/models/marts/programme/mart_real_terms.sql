-- Consolidated spend at the prices of a base year: real = nominal x index of the base year / index of the year, both of
-- one vintage. The base year of the release in the newest quarterly vintage, always, with the reason where it cannot
-- be; the base years of other vintages for the years they speak of.
with spend as (
    select
        place_code,
        financial_year,
        capital_or_revenue,
        expenditure_basis,
        {{ pounds("sum(consolidated_pence)") }} as consolidated_gbp
    from {{ ref("int_count__treated") }}
    group by place_code, financial_year, capital_or_revenue, expenditure_basis
),

newest as (
    select strftime(max(release_date), '%Y-%m-%d') as deflator_vintage
    from {{ ref("stg_registry__deflators") }}
),

bases as (
    select
        newest.deflator_vintage,
        parameters.price_base_year,
        base.deflator_index as base_index,
        base.deflator_reason as base_reason,
        true as is_release_base
    from {{ ref("stg_run__parameters") }} as parameters
    cross join newest
    left join {{ ref("dim_deflator") }} as base
        on newest.deflator_vintage = base.deflator_vintage
            and parameters.price_base_year = base.financial_year
    where parameters.price_base_year is not null
    union all
    select
        deflator_vintage,
        financial_year as price_base_year,
        deflator_index as base_index,
        deflator_reason as base_reason,
        false as is_release_base
    from {{ ref("dim_deflator") }}
    where is_price_base
)

select
    spend.place_code,
    places.place_name,
    spend.financial_year,
    spend.capital_or_revenue,
    spend.expenditure_basis,
    bases.price_base_year,
    bases.deflator_vintage,
    bases.is_release_base,
    bases.base_index as deflator_base_index,
    years.deflator_index as deflator_year_index,
    spend.consolidated_gbp,
    cast(
        round(cast(spend.consolidated_gbp as double) * bases.base_index / years.deflator_index, 2) as decimal(18, 2)
    ) as consolidated_real_gbp,
    case
        when bases.base_index is null
            then coalesce(bases.base_reason, 'the vintage has no index of the base year ' || bases.price_base_year)
        when years.deflator_index is null
            then coalesce(years.deflator_reason, 'the vintage has no index of ' || spend.financial_year)
    end as real_terms_reason,
    coalesce(coverage.coverage, 'not a place') as coverage
from spend
cross join bases
left join {{ ref("dim_deflator") }} as years
    on bases.deflator_vintage = years.deflator_vintage
        and spend.financial_year = years.financial_year
left join {{ ref("int_programme__coverage") }} as coverage
    on spend.place_code = coverage.place_code
        and spend.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on spend.place_code = places.place_code
where bases.is_release_base or years.deflator_index is not null
