-- What a share of the consolidated spend of a place would be: a scenario, not a finding. The rounded figure fit to
-- print stands beside the exact one.
with spend as (
    select
        place_code,
        financial_year,
        capital_or_revenue,
        expenditure_basis,
        {{ pounds("sum(consolidated_pence)") }} as consolidated_gbp,
        count(*) over (partition by place_code, financial_year) > 1 as is_mixed_basis
    from {{ ref("int_count__treated") }}
    group by place_code, financial_year, capital_or_revenue, expenditure_basis
),

scenarios as (
    select
        spend.*,
        rates.rate_name,
        rates.rate,
        rates.source,
        case
            when rates.rate is null then 'no rate is given'
            when rates.rate not between 0 and 1
                then 'the rate ' || cast(rates.rate as double) || ' is not a share between 0 and 1'
        end as saving_reason,
        case
            when rates.rate between 0 and 1
                then cast(cast(spend.consolidated_gbp as decimal(20, 2)) * rates.rate as decimal(18, 2))
        end as saving_gbp
    from spend
    cross join {{ ref("stg_registry__savings_scenarios") }} as rates
),

-- Printed in steps of the first figure of the saving or, where that is finer, of one per cent of the spend.
stepped as (
    select
        *,
        cast(
            '1' || repeat(
                '0',
                greatest(
                    least(
                        len(cast(floor(abs(saving_gbp)) as varchar)) - 1,
                        len(cast(floor(abs(consolidated_gbp)) as varchar)) - 3
                    ),
                    0
                )
            ) as decimal(18, 2)
        ) as step_gbp
    from scenarios
)

select
    stepped.place_code,
    places.place_name,
    stepped.financial_year,
    stepped.capital_or_revenue,
    stepped.expenditure_basis,
    stepped.rate_name as scenario,
    stepped.rate as savings_rate,
    stepped.source,
    stepped.consolidated_gbp,
    stepped.saving_gbp,
    cast(round(stepped.saving_gbp / stepped.step_gbp) * stepped.step_gbp as decimal(18, 2)) as saving_printed_gbp,
    case when stepped.saving_gbp is not null then stepped.step_gbp end as printed_to_gbp,
    stepped.saving_reason,
    stepped.is_mixed_basis,
    coverage.perimeter_agency_count,
    coverage.missing_agency_count,
    coalesce(coverage.coverage, 'not a place') as coverage
from stepped
left join {{ ref("int_programme__coverage") }} as coverage
    on stepped.place_code = coverage.place_code
        and stepped.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on stepped.place_code = places.place_code
