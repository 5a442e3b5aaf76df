-- How the money of each place came about: counted outlays as divided over places and treated. One step before
-- mart_spend_by_place, whose figures are sums of it, and the step after fct_flow, which is not divided.
select
    place_code,
    financial_year,
    agency_slug,
    layer,
    kind,
    capital_or_revenue,
    expenditure_basis,
    place_basis,
    method_grade,
    driver,
    transfer_kind,
    counterparty_agency,
    treatment,
    reason,
    count(*) as part_count,
    {{ pounds("sum(amount_pence)") }} as aggregate_gbp,
    {{ pounds("sum(eliminated_pence)") }} as eliminated_gbp,
    {{ pounds("sum(consolidated_pence)") }} as consolidated_gbp
from {{ ref("int_count__treated") }}
group by all
