-- Who could buy together: shared suppliers by what is bought, with payers, months and numbers of payments. No price and
-- no amount stands here, so that it can be laid before suppliers and committees alike. Sums and sets are of numbers; what
-- a set of payers or services reads is written once for each set.
with purposes as (
    select distinct
        purpose_no,
        service_code,
        coalesce(purchase_category, 'none') as purchase_category
    from {{ ref("int_supplier__decisions") }}
),

numbered as (
    select
        purpose_no,
        service_code as service_words,
        purchase_category,
        case when service_code is not null then dense_rank() over (order by service_code nulls last) end as service_no,
        dense_rank() over (order by purchase_category) as bought_no
    from purposes
),

payers as (
    select
        shared_key,
        payer_key,
        agency_slug as payer_words,
        hash(agency_slug) as payer_no
    from {{ ref("int_supplier__payers") }}
),

bought as (
    select
        payers.shared_key,
        payers.payer_no,
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

summed as (
    select
        bought.shared_key,
        bought.bought_no,
        any_value(suppliers.financial_year) as financial_year,
        bit_or(bought.month_set) as month_set,
        sum(bought.payment_count) as payment_count
    from bought
    inner join suppliers on bought.shared_key = suppliers.shared_key
    group by bought.shared_key, bought.bought_no
),

{% for member, words in {"payer": "payers", "service": "numbered"}.items() %}
    {{ member }}_members as (
        select distinct
            shared_key,
            bought_no,
            {{ member }}_no
        from bought
        where {{ member }}_no is not null
    ),

    {{ member }}_sets as (
        select
            shared_key,
            bought_no,
            count(*) as member_count,
            bit_xor(hash({{ member }}_no)) as set_key
        from {{ member }}_members
        group by shared_key, bought_no
    ),

    {{ member }}_words as (
        select
            sets.set_key,
            string_agg(words.{{ member }}_words, ', ' order by words.{{ member }}_words) as words
        from (
            select
                set_key,
                min({'shared_key': shared_key, 'bought_no': bought_no}) as least
            from {{ member }}_sets
            group by set_key
        ) as sets
        inner join {{ member }}_members as members
            on sets.least.shared_key = members.shared_key
                and sets.least.bought_no = members.bought_no
        inner join (select distinct {{ member }}_no, {{ member }}_words from {{ words }}) as words
            on members.{{ member }}_no = words.{{ member }}_no
        group by sets.set_key
    ),

{% endfor %}
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
    cast(payers.member_count as integer) as payer_count,
    payer_words.words as payers,
    service_words.words as service_codes,
    coalesce(months.months, '') as months,
    cast(coalesce(bit_count(summed.month_set), 0) as integer) as month_count,
    cast(summed.payment_count as bigint) as payment_count
from summed
inner join suppliers on summed.shared_key = suppliers.shared_key
inner join {{ ref("int_supplier__classes") }} as classes on suppliers.supplier_key = classes.supplier_key
inner join (select distinct bought_no, purchase_category from numbered) as categories
    on summed.bought_no = categories.bought_no
inner join payer_sets as payers on summed.shared_key = payers.shared_key and summed.bought_no = payers.bought_no
inner join payer_words on payers.set_key = payer_words.set_key
left join service_sets as services on summed.shared_key = services.shared_key and summed.bought_no = services.bought_no
left join service_words on services.set_key = service_words.set_key
left join months
    on summed.financial_year = months.financial_year
        and summed.month_set = months.month_set
left join {{ ref("dim_purchase_category") }} as names on categories.purchase_category = names.purchase_category
left join {{ ref("dim_place") }} as places on suppliers.place_code = places.place_code
