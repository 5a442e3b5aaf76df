-- Who could buy together: shared suppliers by what is bought, with payers, months and numbers of payments. No price and
-- no amount stands here, so that it can be laid before suppliers and committees alike.
select
    payers.place_code,
    places.place_name,
    payers.financial_year,
    payers.resolved_supplier_id as supplier_id,
    any_value(classes.supplier_name) as supplier_name,
    any_value(payers.supplier_class) as supplier_class,
    coalesce(purposes.purchase_category, 'none') as purchase_category,
    any_value(categories.category_name) as category_name,
    cast(any_value(payers.payer_count) as integer) as supplier_payer_count,
    cast(count(distinct payers.agency_slug) as integer) as payer_count,
    string_agg(distinct payers.agency_slug, ', ' order by payers.agency_slug) as payers,
    string_agg(distinct purposes.service_code, ', ' order by purposes.service_code) as service_codes,
    array_to_string(list_sort(list_distinct(flatten(list(purposes.months)))), ', ') as months,
    cast(len(list_distinct(flatten(list(purposes.months)))) as integer) as month_count,
    cast(sum(purposes.payment_count) as bigint) as payment_count
from {{ ref("int_supplier__payers") }} as payers
inner join {{ ref("int_supplier__purposes") }} as purposes
    on payers.financial_year = purposes.financial_year
        and payers.resolved_supplier_id = purposes.resolved_supplier_id
        and payers.agency_slug = purposes.agency_slug
left join {{ ref("int_supplier__classes") }} as classes
    on payers.resolved_supplier_id = classes.resolved_supplier_id
left join {{ ref("dim_purchase_category") }} as categories
    on purposes.purchase_category = categories.purchase_category
left join {{ ref("dim_place") }} as places on payers.place_code = places.place_code
group by
    payers.place_code, places.place_name, payers.financial_year, payers.resolved_supplier_id,
    purposes.purchase_category
