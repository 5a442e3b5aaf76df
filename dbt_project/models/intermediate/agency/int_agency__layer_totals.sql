-- What each agency said for a year in each account; awards beside it, which are promised and not paid.
select
    agency_slug,
    financial_year,
    layer,
    account_kind as kind,
    sum(case when flow = 'outlay' then amount_gbp else 0 end) as outlay_gbp,
    sum(case when flow = 'income' then amount_gbp else 0 end) as income_gbp,
    sum(case when flow = 'outlay' and {{ is_passed_on() }} then amount_gbp else 0 end) as passed_on_gbp,
    coalesce(sum(line_count) filter (where flow = 'outlay'), 0) as outlay_count,
    coalesce(sum(line_count) filter (where flow = 'income'), 0) as income_count
from {{ ref("int_flow__own_sums") }}
where flow in ('outlay', 'income')
group by agency_slug, financial_year, layer, account_kind
union all
select
    agency_slug,
    financial_year,
    'commitments' as layer,
    kind,
    sum(amount_gbp) as outlay_gbp,
    0 as income_gbp,
    0 as passed_on_gbp,
    count(*) as outlay_count,
    0 as income_count
from {{ ref("stg_grants__lines") }}
group by agency_slug, financial_year, kind
