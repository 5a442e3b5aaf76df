-- What each payer of a shared supplier paid it for, by service and purchase category: months, number of payments, and
-- money for the order of the list alone. Not divided over places.
with shared as (
    select distinct
        financial_year,
        resolved_supplier_id,
        agency_slug
    from {{ ref("int_supplier__payers") }}
)

select
    paid.financial_year,
    paid.resolved_supplier_id,
    shared.agency_slug,
    paid.service_code,
    paid.purchase_category,
    list_sort(list(distinct strftime(paid.paid_month, '%Y-%m')) filter (where paid.paid_month is not null)) as months,
    sum(paid.payment_count) as payment_count,
    sum(paid.paid_pence) as paid_pence
from {{ ref("int_supplier__paid") }} as paid
left join {{ ref("int_supplier__payer_bodies") }} as bodies
    on paid.agency_slug = bodies.agency_slug
        and paid.financial_year = bodies.financial_year
inner join shared
    on paid.financial_year = shared.financial_year
        and paid.resolved_supplier_id = shared.resolved_supplier_id
        and coalesce(bodies.payer_slug, paid.agency_slug) = shared.agency_slug
where paid.transfer_kind is null and paid.counterparty_agency is null
group by
    paid.financial_year, paid.resolved_supplier_id, shared.agency_slug, paid.service_code, paid.purchase_category
