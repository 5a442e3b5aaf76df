-- Each payer and year with a ledger, and how much of it the tiers can look at.
with payers as (
    select
        agency_slug,
        financial_year
    from {{ ref("stg_spend__lines") }}
    group by agency_slug, financial_year
    union
    select
        agency_slug,
        financial_year
    from {{ ref("stg_procurement_card__lines") }}
    group by agency_slug, financial_year
),

counted as (
    select
        agency_year_key,
        count(*) as line_count,
        sum(amount_pence) as spend_pence,
        sum(amount_pence) filter (where supplier_key is null) as without_supplier_pence,
        count(supplier_key) as with_supplier_count,
        count(document_key) filter (where supplier_key is not null) as with_reference_count,
        count(payment_date) filter (where supplier_key is not null) as with_date_count
    from {{ ref("int_payment__lines") }}
    group by agency_year_key
)

select
    payers.agency_slug,
    payers.financial_year,
    counted.*
from payers
inner join counted on hash(payers.agency_slug, payers.financial_year) = counted.agency_year_key
