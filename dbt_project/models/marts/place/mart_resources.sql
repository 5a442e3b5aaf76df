-- Resources in beside spend out, place by place: what is left is the change in reserves and what nobody explained,
-- and it is published. Of the change in reserves the returns state only what was drawn (route borrowing_reserves);
-- the rest is unexplained. Bases are mixed here (a net account beside a gross one), so the difference is a question,
-- not a result.
with spend as (
    select
        place_code,
        financial_year,
        sum(amount_pence) as aggregate_pence,
        sum(eliminated_pence) as eliminated_pence,
        sum(consolidated_pence) as consolidated_pence,
        count(distinct expenditure_basis || '/' || capital_or_revenue) as basis_count
    from {{ ref("int_count__treated") }}
    group by place_code, financial_year
),

income as (
    select
        place_code,
        financial_year,
        sum(income_pence) filter (where not is_internal) as resources_pence,
        sum(income_pence) filter (where is_internal) as internal_pence,
        sum(income_pence) filter (where income_entry = 'passed_on' and not is_internal) as passed_on_pence,
        coalesce(sum(income_pence) filter (where funding_route = 'borrowing_reserves' and not is_internal), 0)
            as drawn_pence
    from {{ ref("int_count__income") }}
    group by place_code, financial_year
)

select
    coalesce(spend.place_code, income.place_code) as place_code,
    places.place_name,
    coalesce(spend.financial_year, income.financial_year) as financial_year,
    {{ pounds("coalesce(spend.aggregate_pence, 0)") }} as aggregate_gbp,
    {{ pounds("coalesce(spend.eliminated_pence, 0)") }} as eliminated_gbp,
    {{ pounds("coalesce(spend.consolidated_pence, 0)") }} as consolidated_gbp,
    {{ pounds("coalesce(income.resources_pence, 0)") }} as resources_in_gbp,
    {{ pounds("coalesce(income.internal_pence, 0)") }} as internal_income_gbp,
    {{ pounds("coalesce(income.passed_on_pence, 0)") }} as passed_on_outside_gbp,
    {{ pounds("coalesce(income.resources_pence, 0) - coalesce(spend.consolidated_pence, 0)") }}
        as reserves_and_unexplained_gbp,
    {{ pounds("-coalesce(income.drawn_pence, 0)") }} as change_in_reserves_gbp,
    {{ pounds(
        "coalesce(income.resources_pence, 0) - coalesce(spend.consolidated_pence, 0) + coalesce(income.drawn_pence, 0)"
    ) }} as unexplained_gbp,
    coalesce(spend.basis_count, 0) > 1 as is_mixed_basis
from spend
full outer join income
    on spend.place_code = income.place_code
        and spend.financial_year = income.financial_year
left join {{ ref("dim_place") }} as places on coalesce(spend.place_code, income.place_code) = places.place_code
