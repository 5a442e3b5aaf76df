-- Charities that several agencies of a place pay in a year, with what the same agencies awarded them: two views of one
-- money, never added. A charity is known by its register number, by its name, or as an agency of the third sector.
with awarded as (
    select
        payees.agency_slug,
        payees.financial_year,
        suppliers.resolved_supplier_id,
        sum(payees.awarded_gbp) as awarded_gbp,
        sum(payees.award_count) as award_count
    from {{ ref("mart_third_sector_payees") }} as payees
    inner join {{ ref("dim_supplier") }} as suppliers on payees.supplier_id = suppliers.supplier_id
    group by payees.agency_slug, payees.financial_year, suppliers.resolved_supplier_id
),

awarded_by_payers as (
    select
        payers.place_code,
        payers.financial_year,
        payers.supplier_id,
        sum(awarded.awarded_gbp) as awarded_gbp,
        sum(awarded.award_count) as award_count
    from {{ ref("mart_supplier_overlap_payers") }} as payers
    inner join awarded
        on payers.supplier_id = awarded.resolved_supplier_id
            and payers.financial_year = awarded.financial_year
            and payers.agency_slug = awarded.agency_slug
    group by payers.place_code, payers.financial_year, payers.supplier_id
)

select
    overlap.place_code,
    overlap.place_name,
    overlap.financial_year,
    overlap.supplier_id,
    overlap.supplier_name,
    classes.payee_charity_number,
    case when classes.is_in_register then 'register' else 'name' end as recognised_by,
    overlap.payer_count,
    overlap.payers,
    overlap.payer_spend,
    overlap.lead_agency_slug,
    overlap.shared_gbp,
    overlap.non_lead_gbp,
    cast(awarded.awarded_gbp as decimal(18, 2)) as awarded_gbp,
    cast(coalesce(awarded.award_count, 0) as bigint) as award_count
from {{ ref("mart_supplier_overlap") }} as overlap
inner join {{ ref("int_supplier__classes") }} as classes on overlap.supplier_id = classes.resolved_supplier_id
left join awarded_by_payers as awarded
    on overlap.place_code = awarded.place_code
        and overlap.financial_year = awarded.financial_year
        and overlap.supplier_id = awarded.supplier_id
where overlap.supplier_class = 'charity'
