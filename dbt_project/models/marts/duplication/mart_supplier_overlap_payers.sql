-- Who pays each shared supplier of a place and year, and what for.
with purposes as (
    select
        financial_year,
        resolved_supplier_id,
        agency_slug,
        list_sort(list_distinct(flatten(list(months)))) as months,
        sum(payment_count) as payment_count,
        array_to_string(list_distinct(list(service_code order by paid_pence desc, service_code asc)), ', ')
            as service_codes,
        array_to_string(
            list_distinct(list(purchase_category order by paid_pence desc, purchase_category asc)), ', '
        ) as purchase_categories
    from {{ ref("int_supplier__purposes") }}
    group by financial_year, resolved_supplier_id, agency_slug
)

select
    payers.place_code,
    places.place_name,
    payers.financial_year,
    payers.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    payers.supplier_class,
    payers.agency_slug,
    cast(payers.payer_rank as integer) as payer_rank,
    payers.payer_rank = 1 as is_lead,
    {{ pounds("payers.spend_pence") }} as spend_gbp,
    {{ pounds("payers.whole_pence") }} as paid_everywhere_gbp,
    payers.method_grade,
    cast(purposes.payment_count as bigint) as payment_count,
    cast(len(purposes.months) as integer) as month_count,
    array_to_string(purposes.months, ', ') as months,
    purposes.service_codes,
    nullif(purposes.purchase_categories, '') as purchase_categories
from {{ ref("int_supplier__payers") }} as payers
left join purposes
    on payers.financial_year = purposes.financial_year
        and payers.resolved_supplier_id = purposes.resolved_supplier_id
        and payers.agency_slug = purposes.agency_slug
left join {{ ref("int_supplier__classes") }} as classes
    on payers.resolved_supplier_id = classes.resolved_supplier_id
left join {{ ref("dim_place") }} as places on payers.place_code = places.place_code
