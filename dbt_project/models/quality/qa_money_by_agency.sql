-- Where every accepted pound of an agency and year went: the parts of the identities in qa_conservation.
with flows as (
    select
        flows.agency_slug,
        flows.financial_year,
        sum(flows.amount_gbp) as flows_gbp,
        sum(flows.amount_as_filed_gbp) as filed_gbp,
        sum(case when flows.flow not in ('outlay', 'income') then flows.amount_gbp else 0 end) as subtotal_gbp,
        sum(case
            when flows.flow in ('outlay', 'income') and counting.kind is null then flows.amount_gbp else 0
        end) as not_counted_gbp,
        sum(case when flows.flow = 'outlay' and counting.kind is not null then flows.amount_gbp else 0 end)
            as counted_outlay_gbp,
        sum(case when flows.flow = 'income' and counting.kind is not null then flows.amount_gbp else 0 end)
            as counted_income_gbp
    from {{ ref("int_flow__sums") }} as flows
    left join {{ ref("int_agency__counting_layer") }} as counting
        on flows.agency_slug = counting.agency_slug
            and flows.financial_year = counting.financial_year
            and flows.account_kind = counting.kind
    group by flows.agency_slug, flows.financial_year
),

treated as (
    select
        agency_slug,
        financial_year,
        sum(eliminated_pence) as eliminated_pence,
        sum(payer_pence - amount_pence) as credited_pence,
        sum(case when place_code <> 'UNALLOCATED' then consolidated_pence else 0 end) as placed_pence,
        sum(case when place_code = 'UNALLOCATED' then consolidated_pence else 0 end) as unallocated_pence
    from {{ ref("int_count__treated") }}
    group by agency_slug, financial_year
),

incomes as (
    select
        agency_slug,
        financial_year,
        sum(amount_pence) as income_pence
    from {{ ref("int_place__allocated") }}
    where flow = 'income'
    group by agency_slug, financial_year
)

select
    flows.agency_slug,
    flows.financial_year,
    cast(flows.filed_gbp as decimal(18, 2)) as accepted_as_filed_gbp,
    cast(flows.flows_gbp as decimal(18, 2)) as accepted_gbp,
    cast(flows.counted_outlay_gbp as decimal(18, 2)) as counted_outlay_gbp,
    cast(flows.counted_income_gbp as decimal(18, 2)) as counted_income_gbp,
    cast(flows.not_counted_gbp as decimal(18, 2)) as not_counted_gbp,
    cast(flows.subtotal_gbp as decimal(18, 2)) as subtotal_gbp,
    {{ pounds("coalesce(treated.eliminated_pence, 0)") }} as eliminated_gbp,
    {{ pounds("coalesce(treated.placed_pence, 0)") }} as consolidated_placed_gbp,
    {{ pounds("coalesce(treated.unallocated_pence, 0)") }} as consolidated_unallocated_gbp,
    {{ pounds("coalesce(incomes.income_pence, 0)") }} as allocated_income_gbp,
    {{ pounds("coalesce(treated.credited_pence, 0)") }} as net_credit_gbp
from flows
left join treated on flows.agency_slug = treated.agency_slug and flows.financial_year = treated.financial_year
left join incomes on flows.agency_slug = incomes.agency_slug and flows.financial_year = incomes.financial_year
