-- The consolidation: every outlay of every place with its treatment. Eliminated money leaves the total because it is
-- counted where it is spent, or never was the payer's spend; what stays says why it stays.
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
        case
            when {{ is_internal_recharge() }} then 'internal_recharge'
            when transfer_kind in ('collection_on_behalf', 'tax') and counterparty_agency is null
                then 'received by a body not named, spending not returned'
            when transfer_kind in ('collection_on_behalf', 'tax') and is_payee_returned
                then 'collected_for_' || counterparty_agency
            when transfer_kind in ('collection_on_behalf', 'tax')
                then 'received by ' || counterparty_agency || ', spending not returned'
            when transfer_kind is null then 'not_a_transfer'
            when counterparty_agency is null then 'payee_not_named'
            when place_code = 'UNALLOCATED' then 'place_not_allocated'
            when not is_payee_returned then 'payee_not_returned'
            when not is_payee_net or is_listed_gross then 'payee_inside_perimeter'
            when transfer_kind <> 'grant' then 'already_netted'
            when not is_listed_by_name and not is_listed_by_route then 'already_netted'
            else 'payee_inside_perimeter'
        end as reason_inside
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
)

select
    * exclude (is_listed_gross, is_listed_by_name, is_listed_by_route, is_payee_net),
    case when treatment = 'eliminated' then amount_pence else 0 end as eliminated_pence,
    case when treatment = 'eliminated' then 0 else amount_pence end as consolidated_pence
from decided
