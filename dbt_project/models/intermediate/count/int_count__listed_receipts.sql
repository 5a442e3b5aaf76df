-- What each agency's own counted income says of who paid it: a named public body, or a route without a name. A net
-- account that still lists a receipt gross has not netted it off.
select distinct
    flows.agency_slug,
    flows.financial_year,
    flows.counterparty_agency,
    flows.funding_route,
    flows.expenditure_basis
from {{ ref("int_flow__sums") }} as flows
inner join {{ ref("int_agency__counting_layer") }} as counting
    on flows.agency_slug = counting.agency_slug
        and flows.financial_year = counting.financial_year
        and flows.account_kind = counting.kind
where
    flows.flow = 'income'
    and flows.amount_gbp <> 0
    and (
        flows.counterparty_agency is not null
        or (flows.counterparty_name is null and flows.funding_route <> 'unknown')
    )
