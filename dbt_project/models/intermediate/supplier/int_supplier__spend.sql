-- Spend of each agency by class of payee in each place, by its lines of payment, consolidated as the count is: tax and
-- collections never were the payer's, a transfer to a body of the place whose return is in leaves where that body
-- spends it. What stays is the spend that suppliers are measured against.
with sums as (
    select
        place_code,
        financial_year,
        agency_slug,
        supplier_class,
        transfer_kind,
        counterparty_agency,
        sum(part_pence) filter (where not is_credit) as payment_pence,
        sum(part_pence) filter (where is_credit) as credit_pence,
        sum(part_pence) filter (where not is_credit and method_grade not in ('A', 'B')) as apportioned_pence
    from {{ ref("int_supplier__placed") }}
    group by place_code, financial_year, agency_slug, supplier_class, transfer_kind, counterparty_agency
),

facts as (
    select
        sums.*,
        perimeter.agency_slug is not null as is_payee_inside,
        coalesce(receiver.has_outlays, false) as is_payee_returned,
        coalesce(basis.is_net, false) as is_payee_net,
        coalesce(listed.is_gross, false) as is_listed_gross,
        coalesce(listed.is_listed, false) as is_listed_by_name,
        false as is_listed_by_route
    from sums
    left join {{ ref("int_place__perimeter") }} as perimeter
        on sums.place_code = perimeter.place_code
            and sums.financial_year = perimeter.financial_year
            and sums.counterparty_agency = perimeter.agency_slug
    left join {{ ref("int_agency__counting_layer") }} as receiver
        on sums.counterparty_agency = receiver.agency_slug
            and sums.financial_year = receiver.financial_year
    left join {{ ref("int_agency__account_basis") }} as basis
        on sums.counterparty_agency = basis.agency_slug
            and sums.financial_year = basis.financial_year
            and basis.capital_or_revenue = 'all'
    left join (
        select
            agency_slug,
            financial_year,
            counterparty_agency,
            true as is_listed,
            bool_or(expenditure_basis = 'gross') as is_gross
        from {{ ref("int_count__listed_receipts") }}
        where counterparty_agency is not null
        group by agency_slug, financial_year, counterparty_agency
    ) as listed
        on sums.counterparty_agency = listed.agency_slug
            and sums.financial_year = listed.financial_year
            and sums.agency_slug = listed.counterparty_agency
),

reasoned as (
    select
        *,
        {{ reason_if_inside() }} as reason_inside
    from facts
),

placed as (
    select
        *,
        {{ reason_within("is_payee_inside", "reason_inside") }} as reason
    from reasoned
)

select
    place_code,
    financial_year,
    agency_slug,
    supplier_class,
    {{ treatment_of("reason") }} = 'eliminated' as is_eliminated,
    cast(sum(coalesce(payment_pence, 0)) as hugeint) as spend_pence,
    cast(sum(coalesce(credit_pence, 0)) as hugeint) as credit_pence,
    cast(sum(coalesce(apportioned_pence, 0)) as hugeint) as apportioned_pence
from placed
group by all
