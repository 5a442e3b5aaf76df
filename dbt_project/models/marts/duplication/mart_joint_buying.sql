-- Who could buy together: shared suppliers by what is bought, with payers, months and numbers of payments. No price and
-- no amount stands here, so that it can be laid before suppliers and committees alike. Sums and sets are of numbers; what
-- a set of payers or services reads is written once for each set.
with purposes as (
    select distinct
        purpose_no,
        service_code,
        purchase_category,
        coalesce(purchase_category, 'none') as bought
    from {{ ref("int_supplier__decisions") }}
),

bought as (
    select
        payers.shared_key,
        payers.agency_slug,
        payers.financial_year,
        purposes.bought,
        purposes.service_code,
        paid.month_set,
        paid.payment_count
    from {{ ref("int_supplier__purposes") }} as paid
    inner join purposes on paid.purpose_no = purposes.purpose_no
    inner join {{ ref("int_supplier__payers") }} as payers on paid.payer_key = payers.payer_key
),

summed as (
    select
        shared_key,
        bought,
        any_value(financial_year) as financial_year,
        bit_or(month_set) as month_set,
        sum(payment_count) as payment_count
    from bought
    group by shared_key, bought
),

{% for words in ["agency_slug", "service_code"] %}
    {{ words }}_members as (
        select distinct
            shared_key,
            bought,
            {{ words }}
        from bought
        where {{ words }} is not null
    ),

    {{ words }}_sets as (
        select
            shared_key,
            bought,
            count(*) as member_count,
            bit_xor(hash({{ words }})) as set_key
        from {{ words }}_members
        group by shared_key, bought
    ),

    {{ words }}_words as (
        select
            sets.set_key,
            string_agg(members.{{ words }}, ', ' order by members.{{ words }}) as words
        from (
            select
                set_key,
                arg_min(shared_key, (shared_key, bought)) as shared_key,
                arg_min(bought, (shared_key, bought)) as bought
            from {{ words }}_sets
            group by set_key
        ) as sets
        inner join {{ words }}_members as members
            on sets.shared_key = members.shared_key
                and sets.bought = members.bought
        group by sets.set_key
    ),

{% endfor %}
months as (
    {{ month_words("summed") }}
),

suppliers as (
    select
        shared_key,
        any_value(place_code) as place_code,
        any_value(supplier_key) as supplier_key,
        any_value(supplier_class) as supplier_class,
        any_value(payer_count) as payer_count
    from {{ ref("int_supplier__payers") }}
    group by shared_key
)

select
    suppliers.place_code,
    places.place_name,
    summed.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    suppliers.supplier_class,
    summed.bought as purchase_category,
    categories.category_name,
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
inner join agency_slug_sets as payers on summed.shared_key = payers.shared_key and summed.bought = payers.bought
inner join agency_slug_words as payer_words on payers.set_key = payer_words.set_key
left join service_code_sets as services on summed.shared_key = services.shared_key and summed.bought = services.bought
left join service_code_words as service_words on services.set_key = service_words.set_key
left join months
    on summed.financial_year = months.financial_year
        and summed.month_set = months.month_set
left join {{ ref("dim_purchase_category") }} as categories on summed.bought = categories.purchase_category
left join {{ ref("dim_place") }} as places on suppliers.place_code = places.place_code
