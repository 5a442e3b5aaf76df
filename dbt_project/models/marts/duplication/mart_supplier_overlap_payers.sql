-- Who pays each shared supplier of a place and year, and what for. Sums are of numbers; words are joined at the end.
with purposes as (
    select distinct
        purpose_no,
        service_code,
        purchase_category
    from {{ ref("int_supplier__decisions") }}
),

paid_for as (
    select
        paid.payer_key,
        purposes.service_code,
        purposes.purchase_category,
        paid.paid_pence
    from {{ ref("int_supplier__purposes") }} as paid
    inner join purposes on paid.purpose_no = purposes.purpose_no
),

{% for code in ["service_code", "purchase_category"] %}
    {{ code }}_sums as (
        select
            payer_key,
            {{ code }},
            sum(paid_pence) as paid_pence
        from paid_for
        where {{ code }} is not null
        group by payer_key, {{ code }}
    ),

    {{ code }}_lists as (
        select
            payer_key,
            string_agg({{ code }}, ', ' order by paid_pence desc, {{ code }}) as codes
        from {{ code }}_sums
        group by payer_key
    ),

{% endfor %}
summed as (
    select
        purposes.payer_key,
        any_value(payers.financial_year) as financial_year,
        sum(purposes.payment_count) as payment_count,
        bit_or(purposes.month_set) as month_set
    from {{ ref("int_supplier__purposes") }} as purposes
    inner join (select distinct payer_key, financial_year from {{ ref("int_supplier__payers") }}) as payers
        on purposes.payer_key = payers.payer_key
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
    case when summed.payer_key is not null then coalesce(service_code_lists.codes, '') end as service_codes,
    purchase_category_lists.codes as purchase_categories
from {{ ref("int_supplier__payers") }} as payers
inner join {{ ref("int_supplier__classes") }} as classes on payers.supplier_key = classes.supplier_key
left join summed on payers.payer_key = summed.payer_key
left join months
    on summed.financial_year = months.financial_year
        and summed.month_set = months.month_set
left join service_code_lists on payers.payer_key = service_code_lists.payer_key
left join purchase_category_lists on payers.payer_key = purchase_category_lists.payer_key
left join {{ ref("dim_place") }} as places on payers.place_code = places.place_code
