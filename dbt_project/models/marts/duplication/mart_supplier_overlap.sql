{{ config(
    pre_hook="pragma force_compression = 'uncompressed'",
    post_hook="pragma force_compression = 'dictionary'"
) }}
-- Suppliers that two or more agencies of a place pay in a year: what each pays, the sum, and what lies beside the payer
-- that pays most. Public bodies, people and withheld or missing names are no suppliers here (see
-- mart_supplier_overlap_excluded).
-- Texts are made once for each list of payers, and of each payer only what it paid.
{% set written = 4 %}
with {{ numbered_words() }},

ranked as (
    select
        ranked.shared_key,
        ranked.site_no,
        ranked.supplier_no,
        ranked.class_no,
        ranked.payer_no,
        ranked.payer_rank,
        ranked.method_grade,
        ranked.spend_pence,
        '"' || bodies.agency_slug || '": ' || {{ pounds("ranked.spend_pence") }} as payer_spend,
        bought.payment_count
    from {{ ref("int_supplier__payers") }} as ranked
    inner join bodies on ranked.payer_no = bodies.payer_no
    left join {{ ref("int_supplier__bought") }} as bought on ranked.payer_key = bought.payer_key
),

-- Few suppliers have more payers than are written one by one.
further as (
    select
        shared_key,
        string_agg(payer_spend, ', ' order by payer_rank) as payer_spend
    from ranked
    where payer_rank > {{ written }}
    group by shared_key
),

suppliers as (
    select
        shared_key,
        any_value(site_no) as site_no,
        any_value(supplier_no) as supplier_no,
        any_value(class_no) as class_no,
        count(*) as payer_count,
        bit_xor(hash({{ paired("payer_no", "payer_rank") }})) as list_key,
        {% for rank in range(1, written + 1) %}
            any_value(payer_spend) filter (where payer_rank = {{ rank }}) as payer_{{ rank }},
        {% endfor %}
        sum(spend_pence) as shared_pence,
        max(spend_pence) as lead_pence,
        coalesce(sum(spend_pence) filter (where method_grade not in ('A', 'B')), 0) as apportioned_pence,
        max(method_grade) as method_grade,
        sum(payment_count) as payment_count
    from ranked
    group by shared_key
),

first_of_list as (
    select
        list_key,
        min(shared_key) as shared_key
    from suppliers
    group by list_key
),

lists as (
    select
        lists.list_key,
        string_agg(bodies.agency_slug, ', ' order by ranked.payer_rank) as payers,
        min_by(bodies.agency_slug, ranked.payer_rank) as lead_agency_slug
    from first_of_list as lists
    inner join ranked on lists.shared_key = ranked.shared_key
    inner join bodies on ranked.payer_no = bodies.payer_no
    group by lists.list_key
)

select
    sites.place_code,
    sites.place_name,
    sites.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    {{ supplier_classes() }}[suppliers.class_no] as supplier_class,
    cast(suppliers.payer_count as integer) as payer_count,
    lists.payers,
    '{' || concat_ws(
        ', ',
        {% for rank in range(1, written + 1) %}
            suppliers.payer_{{ rank }},
        {% endfor %}
        further.payer_spend
    ) || '}' as payer_spend,
    lists.lead_agency_slug,
    {{ pounds("suppliers.lead_pence") }} as lead_gbp,
    {{ pounds("suppliers.shared_pence") }} as shared_gbp,
    {{ pounds("suppliers.shared_pence - suppliers.lead_pence") }} as non_lead_gbp,
    {{ pounds("suppliers.apportioned_pence") }} as apportioned_gbp,
    suppliers.method_grade,
    cast(suppliers.payment_count as bigint) as payment_count,
    classes.match_confidence,
    case
        when classes.name_count = 1 then 'one name'
        when classes.match_methods = 'exact' then classes.name_count || ' names, one key'
        else classes.name_count || ' names, joined by ' || replace(classes.match_methods, '_', ' ')
    end as match_reason
from suppliers
inner join sites on suppliers.site_no = sites.site_no
inner join lists on suppliers.list_key = lists.list_key
left join further on suppliers.shared_key = further.shared_key
inner join {{ ref("int_supplier__classes") }} as classes on suppliers.supplier_no = classes.supplier_no
