-- What an agency paid each charity in a year by its ledger, beside what it awarded it: the awards joined to the payees.
-- The two are two views of one money and never add up. Nothing that was awarded or paid to a person stands here.
with paid as (
    select
        flows.agency_slug,
        flows.financial_year,
        flows.payee_key,
        sum(flows.amount_gbp) as paid_gbp,
        count(*) as payment_count
    from {{ ref("int_flow__from_spend") }} as flows
    where flows.payee_class = 'charity'
    group by flows.agency_slug, flows.financial_year, flows.payee_key
),

awarded as (
    select
        awards.agency_slug,
        awards.financial_year,
        charities.payee_key,
        sum(awards.amount_gbp) as awarded_gbp,
        count(*) as award_count
    from {{ ref("stg_grants__lines") }} as awards
    inner join {{ ref("int_programme__charities") }} as charities
        on {{ normalised_name("awards.recipient_name") }} = charities.payee_key
    where not coalesce(awards.recipient_is_individual, false)
    group by awards.agency_slug, awards.financial_year, charities.payee_key
),

united as (
    select
        coalesce(paid.agency_slug, awarded.agency_slug) as agency_slug,
        coalesce(paid.financial_year, awarded.financial_year) as financial_year,
        coalesce(paid.payee_key, awarded.payee_key) as payee_key,
        paid.paid_gbp,
        paid.payment_count,
        awarded.awarded_gbp,
        awarded.award_count
    from paid
    full outer join awarded
        on paid.agency_slug = awarded.agency_slug
            and paid.financial_year = awarded.financial_year
            and paid.payee_key = awarded.payee_key
)

select
    united.agency_slug,
    united.financial_year,
    md5(united.payee_key) as supplier_id,
    suppliers.supplier_name,
    charities.payee_charity_number,
    case when charities.payee_key is not null then 'register' else 'name' end as recognised_by,
    cast(united.paid_gbp as decimal(18, 2)) as paid_gbp,
    cast(coalesce(united.payment_count, 0) as bigint) as payment_count,
    cast(united.awarded_gbp as decimal(18, 2)) as awarded_gbp,
    cast(coalesce(united.award_count, 0) as bigint) as award_count
from united
left join {{ ref("int_programme__charities") }} as charities on united.payee_key = charities.payee_key
left join {{ ref("dim_supplier") }} as suppliers on md5(united.payee_key) = suppliers.supplier_id
