-- Whether the account that counts is net of income: where net lines are the larger part of its outlay money (a tie is
-- net), for capital, for revenue and for the whole year ('all').
with counted as (
    select
        flows.agency_slug,
        flows.financial_year,
        flows.capital_or_revenue,
        flows.expenditure_basis,
        flows.absolute_gbp as size_gbp
    from {{ ref("int_flow__own_sums") }} as flows
    inner join {{ ref("int_agency__counting_layer") }} as counting
        on flows.agency_slug = counting.agency_slug
            and flows.financial_year = counting.financial_year
            and flows.account_kind = counting.kind
    where flows.flow = 'outlay'
)

select
    agency_slug,
    financial_year,
    case when grouping(capital_or_revenue) = 1 then 'all' else capital_or_revenue end as capital_or_revenue,
    sum(case when expenditure_basis = 'net' then size_gbp else -size_gbp end) >= 0 as is_net
from counted
group by grouping sets ((agency_slug, financial_year, capital_or_revenue), (agency_slug, financial_year))
