-- Spend of each agency by class of payee in each place, by its lines of payment, consolidated inside this
-- one layer: tax and collections never were the payer's, a payment to a body of the place leaves where that body's own
-- ledger is in, which has what it bought with the money. What stays is the spend that suppliers are measured against.
with numbered as (
    select
        kind_no,
        site_no,
        class_no,
        sum(part_pence) filter (where not is_credit) as payment_pence,
        sum(part_pence) filter (where is_credit) as credit_pence,
        sum(part_pence) filter (where not is_credit and method_grade not in ('A', 'B')) as apportioned_pence
    from {{ ref("int_supplier__placed") }}
    group by kind_no, site_no, class_no
),

sums as (
    select
        kinds.place_code,
        kinds.financial_year,
        kinds.agency_slug,
        {{ supplier_classes() }}[numbered.class_no] as supplier_class,
        kinds.transfer_kind,
        kinds.counterparty_agency,
        sum(numbered.payment_pence) as payment_pence,
        sum(numbered.credit_pence) as credit_pence,
        sum(numbered.apportioned_pence) as apportioned_pence
    from numbered
    inner join {{ ref("int_supplier__kinds") }} as kinds
        on numbered.kind_no = kinds.kind_no and numbered.site_no = kinds.site_no
    group by all
),

{{ reasoned_among_ledgers("sums") }},

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
