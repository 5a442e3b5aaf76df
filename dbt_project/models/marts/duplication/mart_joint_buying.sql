-- Who could buy together: shared suppliers by what is bought, with payers, months and numbers of payments. No price and
-- no amount stands here, so that it can be laid before suppliers and committees alike. Sets are of numbers.
with numbered as (
    select distinct
        purpose_no,
        service_code as service_words,
        coalesce(purchase_category, 'none') as purchase_category,
        case when service_code is not null then dense_rank() over (order by service_code nulls last) end as service_no,
        dense_rank() over (order by coalesce(purchase_category, 'none')) as bought_no
    from {{ ref("int_supplier__decisions") }}
),

categories as (
    select distinct
        bought_no,
        purchase_category
    from numbered
),

services as (
    select distinct
        service_no,
        service_words
    from numbered
),

payers as (
    select
        shared_key,
        payer_key,
        agency_slug,
        hash(agency_slug) as payer_no
    from {{ ref("int_supplier__payers") }}
),

bought as (
    select
        payers.shared_key,
        payers.payer_no,
        payers.agency_slug,
        numbered.bought_no,
        numbered.service_no,
        paid.month_set,
        paid.payment_count
    from {{ ref("int_supplier__purposes") }} as paid
    inner join numbered on paid.purpose_no = numbered.purpose_no
    inner join payers on paid.payer_key = payers.payer_key
),

suppliers as (
    select
        shared_key,
        any_value(place_code) as place_code,
        any_value(financial_year) as financial_year,
        any_value(supplier_key) as supplier_key,
        any_value(supplier_class) as supplier_class,
        any_value(payer_count) as payer_count
    from {{ ref("int_supplier__payers") }}
    group by shared_key
),

-- Of each payer the services are one set; of each supplier and category the payers with their sets are one list.
by_payer as (
    select
        shared_key,
        bought_no,
        payer_no,
        hash(hash(payer_no, bit_xor(hash(service_no)))) as payer_set_key,
        bit_or(month_set) as month_set,
        sum(payment_count) as payment_count
    from bought
    group by shared_key, bought_no, payer_no
),

summed as (
    select
        by_payer.shared_key,
        by_payer.bought_no,
        any_value(suppliers.financial_year) as financial_year,
        count(*) as payer_count,
        bit_xor(by_payer.payer_set_key) as list_key,
        bit_or(by_payer.month_set) as month_set,
        sum(by_payer.payment_count) as payment_count
    from by_payer
    inner join suppliers on by_payer.shared_key = suppliers.shared_key
    group by by_payer.shared_key, by_payer.bought_no
),

lists as (
    select
        list_key,
        min({ 'shared_key': shared_key, 'bought_no': bought_no }) as least
    from summed
    group by list_key
),

words as (
    select
        lists.list_key,
        string_agg(distinct bought.agency_slug, ', ' order by bought.agency_slug) as payers,
        string_agg(distinct services.service_words, ', ' order by services.service_words) as service_codes
    from lists
    inner join bought on lists.least.shared_key = bought.shared_key and lists.least.bought_no = bought.bought_no
    left join services on bought.service_no = services.service_no
    group by lists.list_key
),

months as (
    {{ month_words("summed") }}
)

select
    suppliers.place_code,
    places.place_name,
    summed.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    suppliers.supplier_class,
    categories.purchase_category,
    names.category_name,
    cast(suppliers.payer_count as integer) as supplier_payer_count,
    cast(summed.payer_count as integer) as payer_count,
    words.payers,
    words.service_codes,
    coalesce(months.months, '') as months,
    cast(coalesce(bit_count(summed.month_set), 0) as integer) as month_count,
    cast(summed.payment_count as bigint) as payment_count
from summed
inner join suppliers on summed.shared_key = suppliers.shared_key
inner join {{ ref("int_supplier__classes") }} as classes on suppliers.supplier_key = classes.supplier_key
inner join categories on summed.bought_no = categories.bought_no
inner join words on summed.list_key = words.list_key
left join months
    on summed.financial_year = months.financial_year
        and summed.month_set = months.month_set
left join {{ ref("dim_purchase_category") }} as names on categories.purchase_category = names.purchase_category
left join {{ ref("dim_place") }} as places on suppliers.place_code = places.place_code
