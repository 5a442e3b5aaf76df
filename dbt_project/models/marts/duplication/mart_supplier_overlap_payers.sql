-- Who pays each shared supplier of a place and year, and what for. Sums and lists are of numbers; what a list of codes
-- reads is written once for each list, and words are joined at the end.
with purposes as (
    select distinct
        purpose_no,
        service_code,
        purchase_category
    from {{ ref("int_supplier__decisions") }}
),

{% for code in ["service_code", "purchase_category"] %}
    {{ code }}_numbers as (
        select
            purpose_no,
            {{ code }},
            dense_rank() over (order by {{ code }}) as code_no
        from purposes
        where {{ code }} is not null
    ),

    {{ code }}_sums as (
        select
            paid.payer_key,
            numbers.code_no,
            sum(paid.paid_pence) as paid_pence
        from {{ ref("int_supplier__purposes") }} as paid
        inner join {{ code }}_numbers as numbers on paid.purpose_no = numbers.purpose_no
        group by paid.payer_key, numbers.code_no
    ),

    {{ code }}_lists as (
        select
            payer_key,
            min_by(code_no, { 'paid': -paid_pence, 'code': code_no }) as first_no,
            hash(first_no, bit_xor(hash(code_no))) as list_key
        from {{ code }}_sums
        group by payer_key
    ),

    {{ code }}_first as (
        select
            list_key,
            first_no,
            min(payer_key) as payer_key
        from {{ code }}_lists
        group by list_key, first_no
    ),

    {{ code }}_codes as (
        select distinct
            code_no,
            {{ code }}
        from {{ code }}_numbers
    ),

    {{ code }}_words as (
        select
            lists.list_key,
            string_agg(codes.{{ code }}, ', ' order by codes.code_no <> lists.first_no, codes.code_no) as words
        from {{ code }}_first as lists
        inner join {{ code }}_sums as sums on lists.payer_key = sums.payer_key
        inner join {{ code }}_codes as codes on sums.code_no = codes.code_no
        group by lists.list_key
    ),

{% endfor %}
years as (
    select distinct
        payer_key,
        financial_year
    from {{ ref("int_supplier__payers") }}
),

summed as (
    select
        purposes.payer_key,
        any_value(years.financial_year) as financial_year,
        sum(purposes.payment_count) as payment_count,
        bit_or(purposes.month_set) as month_set
    from {{ ref("int_supplier__purposes") }} as purposes
    inner join years on purposes.payer_key = years.payer_key
    group by purposes.payer_key
),

months as (
    {{ month_words("summed") }}
)

select
    payers.place_code,
    places.place_name,
    payers.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    payers.supplier_class,
    payers.agency_slug,
    cast(payers.payer_rank as integer) as payer_rank,
    payers.payer_rank = 1 as is_lead,
    {{ pounds("payers.spend_pence") }} as spend_gbp,
    {{ pounds("payers.whole_pence") }} as paid_everywhere_gbp,
    payers.method_grade,
    cast(summed.payment_count as bigint) as payment_count,
    case when summed.payer_key is not null then cast(coalesce(bit_count(summed.month_set), 0) as integer) end
        as month_count,
    case when summed.payer_key is not null then coalesce(months.months, '') end as months,
    case when summed.payer_key is not null then coalesce(service_code_words.words, '') end as service_codes,
    purchase_category_words.words as purchase_categories
from {{ ref("int_supplier__payers") }} as payers
inner join {{ ref("int_supplier__classes") }} as classes on payers.supplier_key = classes.supplier_key
left join summed on payers.payer_key = summed.payer_key
left join months
    on summed.financial_year = months.financial_year
        and summed.month_set = months.month_set
left join service_code_lists on payers.payer_key = service_code_lists.payer_key
left join service_code_words on service_code_lists.list_key = service_code_words.list_key
left join purchase_category_lists on payers.payer_key = purchase_category_lists.payer_key
left join purchase_category_words on purchase_category_lists.list_key = purchase_category_words.list_key
left join {{ ref("dim_place") }} as places on payers.place_code = places.place_code
