-- What each supplier is: of all its names the one that says most. A public body by the registry, a charity by its
-- register number or its name, a company by its legal form, a person by a title; a name is shown where dim_supplier
-- shows one.
with named as (
    select
        supplier_id as resolved_supplier_id,
        bool_or(payee_class = 'charity') as is_charity,
        bool_or(payee_class = 'company') as is_company,
        bool_or(payee_class = 'individual') as is_individual,
        count(*) as name_count,
        min(score) as match_confidence,
        {{ distinct_texts("method") }} as match_methods
    from {{ ref("stg_intake__supplier_names") }}
    group by supplier_id
),

keys as (
    select
        suppliers.resolved_supplier_id,
        min_by(suppliers.supplier_name, (-suppliers.spelling_count, suppliers.supplier_name)) as supplier_name,
        bool_or(coalesce(suppliers.payee_class = 'public_body' or suppliers.public_body_id is not null, false))
            as is_public_body,
        bool_or(coalesce(agencies.agency_type = 'third_sector', false)) as is_third_sector_agency,
        bool_or(suppliers.payee_class = 'charity' or charities.payee_key is not null) as is_charity,
        bool_or(suppliers.payee_class = 'company') as is_company,
        bool_or(suppliers.payee_class in ('redacted', 'placeholder')) as is_withheld,
        min(suppliers.payee_class) filter (where suppliers.payee_class in ('redacted', 'placeholder'))
            as withheld_class,
        min(charities.payee_charity_number) as payee_charity_number,
        bool_or(charities.payee_key is not null) as is_in_register,
        sum(suppliers.spelling_count) as spelling_count
    from {{ ref("dim_supplier") }} as suppliers
    left join {{ ref("int_programme__charities") }} as charities
        on suppliers.supplier_id = md5(charities.payee_key)
    left join {{ ref("stg_registry__agencies") }} as agencies on suppliers.agency_slug = agencies.agency_slug
    group by suppliers.resolved_supplier_id
)

select
    keys.resolved_supplier_id,
    cast(row_number() over (order by keys.resolved_supplier_id) as integer) as supplier_no,
    keys.supplier_name,
    case
        when keys.is_withheld and named.resolved_supplier_id is null then keys.withheld_class
        when keys.is_third_sector_agency then 'charity'
        when keys.is_public_body then 'public_body'
        when keys.is_charity or named.is_charity then 'charity'
        when keys.is_company or named.is_company then 'company'
        when named.is_individual then 'individual'
        else 'unclassified'
    end as supplier_class,
    keys.payee_charity_number,
    keys.is_in_register,
    cast(coalesce(named.name_count, keys.spelling_count) as bigint) as name_count,
    coalesce(named.match_confidence, 1) as match_confidence,
    coalesce(named.match_methods, 'exact') as match_methods
from keys
left join named on keys.resolved_supplier_id = named.resolved_supplier_id
