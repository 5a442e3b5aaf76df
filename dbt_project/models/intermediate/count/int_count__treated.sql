-- The consolidation: every outlay of every place with its treatment. Eliminated money leaves the total because it is
-- counted where it is spent, or never was the payer's spend; what stays says why it stays. Lines of one transfer are
-- netted before anything leaves, so that nothing negative is eliminated: where credits are the larger part, a
-- purchase, grant or pooled sum stays as it is, and money that never was spend (tax, collections, recharges) is a
-- receipt and no outlay.
with outlays as (
    select *
    from {{ ref("int_place__allocated") }}
    where flow = 'outlay'
),

facts as (
    select
        outlays.*,
        perimeter.agency_slug is not null as is_payee_inside,
        coalesce(receiver.has_outlays, false) as is_payee_returned,
        coalesce(own_basis.is_net, whole_basis.is_net, false) as is_payee_net,
        exists(
            select 1
            from {{ ref("int_count__listed_receipts") }} as listed
            where
                listed.agency_slug = outlays.counterparty_agency
                and listed.financial_year = outlays.financial_year
                and listed.counterparty_agency = outlays.agency_slug
                and listed.expenditure_basis = 'gross'
        ) as is_listed_gross,
        exists(
            select 1
            from {{ ref("int_count__listed_receipts") }} as listed
            where
                listed.agency_slug = outlays.counterparty_agency
                and listed.financial_year = outlays.financial_year
                and listed.counterparty_agency = outlays.agency_slug
        ) as is_listed_by_name,
        exists(
            select 1
            from {{ ref("int_count__listed_receipts") }} as listed
            where
                listed.agency_slug = outlays.counterparty_agency
                and listed.financial_year = outlays.financial_year
                and listed.counterparty_agency is null
                and listed.funding_route = outlays.funding_route
        ) as is_listed_by_route
    from outlays
    left join {{ ref("int_place__perimeter") }} as perimeter
        on outlays.place_code = perimeter.place_code
            and outlays.financial_year = perimeter.financial_year
            and outlays.counterparty_agency = perimeter.agency_slug
    left join {{ ref("int_agency__counting_layer") }} as receiver
        on outlays.counterparty_agency = receiver.agency_slug
            and outlays.financial_year = receiver.financial_year
    left join {{ ref("int_agency__account_basis") }} as own_basis
        on outlays.counterparty_agency = own_basis.agency_slug
            and outlays.financial_year = own_basis.financial_year
            and outlays.capital_or_revenue = own_basis.capital_or_revenue
            and own_basis.capital_or_revenue <> 'not_stated'
    left join {{ ref("int_agency__account_basis") }} as whole_basis
        on outlays.counterparty_agency = whole_basis.agency_slug
            and outlays.financial_year = whole_basis.financial_year
            and whole_basis.capital_or_revenue = 'all'
),

reasoned as (
    select
        *,
        {{ reason_if_inside() }} as reason_inside
    from facts
),

-- A wider perimeter (an area, a merged place) reads the same rows and asks only whether the payee is inside it.
placed as (
    select
        *,
        {{ reason_within("is_payee_inside", "reason_inside") }} as reason
    from reasoned
),

decided as (
    select
        *,
        {{ treatment_of("reason") }} as treatment
    from placed
),

netted as (
    select
        *,
        treatment = 'eliminated' and sum(amount_pence) over transfer < 0 as is_net_credit
    from decided
    window transfer as (
        partition by
            place_code, financial_year, agency_slug, counterparty_agency, transfer_kind, funding_route, funding_stream,
            capital_or_revenue, expenditure_basis, place_basis, method_grade, treatment
    )
),

settled as (
    select
        * exclude (treatment, reason, amount_pence, is_net_credit),
        amount_pence as payer_pence,
        case
            when not is_net_credit then treatment
            when {{ is_passed_on() }} then 'received'
            else 'stays'
        end as treatment,
        case
            when not is_net_credit then reason
            when {{ is_internal_recharge() }} then 'net_credit_inside_the_body'
            else 'net_credit'
        end as reason
    from netted
)

select
    * exclude (is_listed_gross, is_listed_by_name, is_listed_by_route, is_payee_net),
    -- Outlay: what the payer says, but for a receipt that its ledger prints as a negative payment.
    case when treatment = 'received' then 0 else payer_pence end as amount_pence,
    case when treatment = 'eliminated' then payer_pence else 0 end as eliminated_pence,
    case when treatment in ('eliminated', 'received') then 0 else payer_pence end as consolidated_pence
from settled
