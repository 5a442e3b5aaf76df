{{ config(
    pre_hook="pragma force_compression = 'uncompressed'",
    post_hook="pragma force_compression = 'dictionary'"
) }}
-- Who pays each shared supplier of a place and year, and what for. Sums and lists are of numbers; what a list of codes
-- reads is written once for each list, and words are joined at the end.
with numbered as (
    select distinct
        purpose_no,
        service_code,
        purchase_category,
        dense_rank() over (order by service_code) as service_code_no,
        dense_rank() over (order by purchase_category) as purchase_category_no
    from {{ ref("int_supplier__decisions") }}
),

{% for code in ["service_code", "purchase_category"] %}
    {{ code }}_sums as (
        select
            paid.payer_key,
            numbered.{{ code }}_no as code_no,
            sum(paid.paid_pence) * 65536 + 65535 - numbered.{{ code }}_no as pence_and_code
        from {{ ref("int_supplier__purposes") }} as paid
        inner join numbered on paid.purpose_no = numbered.purpose_no
        where numbered.{{ code }} is not null
        group by paid.payer_key, numbered.{{ code }}_no
    ),

    -- The code that most was paid for is first, of equals the first of the codes; then the others in their order.
    {{ code }}_lists as (
        select
            payer_key,
            65535 - (max(pence_and_code) & 65535) as first_no,
            hash(first_no, bit_xor(hash(code_no))) as list_key
        from {{ code }}_sums
        group by payer_key
    ),

    {{ code }}_first as (
        select
            list_key,
            any_value(first_no) as first_no,
            min(payer_key) as payer_key
        from {{ code }}_lists
        group by list_key
    ),

    {{ code }}_codes as (
        select distinct
            {{ code }}_no as code_no,
            {{ code }}
        from numbered
    ),

    {{ code }}_words as (
        select
            lists.list_key,
            string_agg(codes.{{ code }}, ', ' order by if(codes.code_no = lists.first_no, 0, codes.code_no)) as words
        from {{ code }}_first as lists
        inner join {{ code }}_sums as sums on lists.payer_key = sums.payer_key
        inner join {{ code }}_codes as codes on sums.code_no = codes.code_no
        group by lists.list_key
    ),

{% endfor %}
{{ numbered_words() }},

payers as (
    select
        payers.*,
        bought.payment_count,
        bought.month_set,
        bought.payer_key is not null as is_bought,
        sites.financial_year
    from {{ ref("int_supplier__payers") }} as payers
    inner join sites on payers.site_no = sites.site_no
    left join {{ ref("int_supplier__bought") }} as bought on payers.payer_key = bought.payer_key
),

months as (
    {{ month_words("payers") }}
)

select
    sites.place_code,
    sites.place_name,
    sites.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    {{ supplier_classes() }}[payers.class_no] as supplier_class,
    bodies.agency_slug,
    cast(payers.payer_rank as integer) as payer_rank,
    payers.payer_rank = 1 as is_lead,
    {{ pounds("payers.spend_pence") }} as spend_gbp,
    {{ pounds("payers.whole_pence") }} as paid_everywhere_gbp,
    payers.method_grade,
    cast(payers.payment_count as bigint) as payment_count,
    case when payers.is_bought then cast(coalesce(bit_count(payers.month_set), 0) as integer) end as month_count,
    case when payers.is_bought then coalesce(months.months, '') end as months,
    case when payers.is_bought then coalesce(service_code_words.words, '') end as service_codes,
    purchase_category_words.words as purchase_categories
from payers
inner join sites on payers.site_no = sites.site_no
inner join bodies on payers.payer_no = bodies.payer_no
inner join {{ ref("int_supplier__classes") }} as classes on payers.supplier_no = classes.supplier_no
left join months
    on payers.financial_year = months.financial_year
        and payers.month_set = months.month_set
left join service_code_lists on payers.payer_key = service_code_lists.payer_key
left join service_code_words on service_code_lists.list_key = service_code_words.list_key
left join purchase_category_lists on payers.payer_key = purchase_category_lists.payer_key
left join purchase_category_words on purchase_category_lists.list_key = purchase_category_words.list_key
