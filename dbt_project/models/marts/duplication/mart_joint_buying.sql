{{ config(
    pre_hook="pragma force_compression = 'uncompressed'",
    post_hook="pragma force_compression = 'dictionary'"
) }}
-- Who could buy together: shared suppliers by what is bought, with payers, months and numbers of payments. No price and
-- no amount stands here, so that it can be laid before suppliers and committees alike. Sets are of numbers.
with numbered as (
    select distinct
        purpose_no,
        service_code,
        coalesce(purchase_category, 'none') as purchase_category,
        dense_rank() over (order by service_code) as service_no,
        cast(dense_rank() over (order by coalesce(purchase_category, 'none')) as integer) as bought_no
    from {{ ref("int_supplier__decisions") }}
),

categories as (
    select distinct
        numbered.bought_no,
        numbered.purchase_category,
        names.category_name
    from numbered
    left join {{ ref("dim_purchase_category") }} as names on numbered.purchase_category = names.purchase_category
),

{{ numbered_words() }},

bought as (
    select
        payers.shared_key,
        bodies.agency_no,
        numbered.bought_no,
        numbered.service_no,
        paid.month_set,
        paid.payment_count
    from {{ ref("int_supplier__purposes") }} as paid
    inner join numbered on paid.purpose_no = numbered.purpose_no
    inner join {{ ref("int_supplier__payers") }} as payers on paid.payer_key = payers.payer_key
    inner join bodies on payers.payer_no = bodies.payer_no
),

-- A payer and service stand once in what a supplier and category have: together they are one set.
summed as (
    select
        shared_key,
        bought_no,
        bit_xor(hash({{ paired("agency_no", "service_no") }})) as list_key,
        bit_or(month_set) as month_set,
        sum(payment_count) as payment_count
    from bought
    group by shared_key, bought_no
),

lists as (
    select
        list_key,
        min(shared_key) as shared_key,
        min_by(bought_no, shared_key) as bought_no
    from summed
    group by list_key
),

members as (
    select
        lists.list_key,
        bought.agency_no,
        bought.service_no
    from lists
    inner join bought on lists.shared_key = bought.shared_key and lists.bought_no = bought.bought_no
),

{{ words_of_sets("members", "agency_no", "bodies", "agency_slug") }},

{{ words_of_sets("members", "service_no", "numbered", "service_code") }},

words as (
    select
        payers.list_key,
        payers.member_count as payer_count,
        payer_words.words as payers,
        service_words.words as service_codes
    from agency_no_sets as payers
    inner join service_no_sets as services on payers.list_key = services.list_key
    inner join agency_no_words as payer_words on payers.set_key = payer_words.set_key
    inner join service_no_words as service_words on services.set_key = service_words.set_key
),

dated as (
    select
        summed.*,
        leads.site_no,
        leads.supplier_no,
        leads.class_no,
        leads.payer_count,
        sites.financial_year
    from summed
    inner join {{ ref("int_supplier__payers") }} as leads
        on summed.shared_key = leads.shared_key and leads.payer_rank = 1
    inner join sites on leads.site_no = sites.site_no
),

months as (
    {{ month_words("dated") }}
),

told as (
    select
        dated.*,
        months.months
    from dated
    left join months on dated.financial_year = months.financial_year and dated.month_set = months.month_set
)

select
    sites.place_code,
    sites.place_name,
    told.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    {{ supplier_classes() }}[told.class_no] as supplier_class,
    categories.purchase_category,
    categories.category_name,
    cast(told.payer_count as integer) as supplier_payer_count,
    cast(words.payer_count as integer) as payer_count,
    words.payers,
    words.service_codes,
    coalesce(told.months, '') as months,
    cast(coalesce(bit_count(told.month_set), 0) as integer) as month_count,
    cast(told.payment_count as bigint) as payment_count
from told
inner join sites on told.site_no = sites.site_no
inner join {{ ref("int_supplier__classes") }} as classes on told.supplier_no = classes.supplier_no
inner join categories on told.bought_no = categories.bought_no
inner join words on told.list_key = words.list_key
