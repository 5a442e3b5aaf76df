-- Suppliers that two or more agencies of a place pay in a year: what each pays, the sum, and what lies beside the payer
-- that pays most. Public bodies, people and withheld or missing names are no suppliers here (see
-- mart_supplier_overlap_excluded).
with suppliers as (
    select
        place_code,
        place_name,
        financial_year,
        supplier_id,
        any_value(supplier_name) as supplier_name,
        any_value(supplier_class) as supplier_class,
        count(*) as payer_count,
        max(agency_slug) filter (where is_lead) as lead_agency_slug,
        string_agg(agency_slug, ', ' order by payer_rank) as payers,
        '{' || string_agg('"' || agency_slug || '": ' || spend_gbp, ', ' order by payer_rank) || '}' as payer_spend,
        sum(spend_gbp) as shared_gbp,
        max(spend_gbp) as lead_gbp,
        coalesce(sum(spend_gbp) filter (where method_grade not in ('A', 'B')), 0) as apportioned_gbp,
        max(method_grade) as method_grade,
        sum(payment_count) as payment_count
    from {{ ref("mart_supplier_overlap_payers") }}
    group by place_code, place_name, financial_year, supplier_id
)

select
    suppliers.place_code,
    suppliers.place_name,
    suppliers.financial_year,
    suppliers.supplier_id,
    suppliers.supplier_name,
    suppliers.supplier_class,
    cast(suppliers.payer_count as integer) as payer_count,
    suppliers.payers,
    suppliers.payer_spend,
    suppliers.lead_agency_slug,
    cast(suppliers.lead_gbp as decimal(18, 2)) as lead_gbp,
    cast(suppliers.shared_gbp as decimal(18, 2)) as shared_gbp,
    cast(suppliers.shared_gbp - suppliers.lead_gbp as decimal(18, 2)) as non_lead_gbp,
    cast(suppliers.apportioned_gbp as decimal(18, 2)) as apportioned_gbp,
    suppliers.method_grade,
    cast(suppliers.payment_count as bigint) as payment_count,
    classes.match_confidence,
    case
        when classes.name_count = 1 then 'one name'
        when classes.match_methods = 'exact' then classes.name_count || ' names, one key'
        else classes.name_count || ' names, joined by ' || replace(classes.match_methods, '_', ' ')
    end as match_reason
from suppliers
left join {{ ref("int_supplier__classes") }} as classes on suppliers.supplier_id = classes.resolved_supplier_id
