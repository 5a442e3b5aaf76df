-- Suppliers that two or more agencies of a place pay in a year: what each pays, the sum, and what lies beside the payer
-- that pays most. Public bodies, people and withheld or missing names are no suppliers here (see
-- mart_supplier_overlap_excluded).
with ranked as (
    select
        *,
        {{ pounds("spend_pence") }} as spend_gbp,
        hash(agency_slug || '/' || payer_rank) as payer_hash
    from {{ ref("int_supplier__payers") }}
),

paid as (
    select
        payer_key,
        sum(payment_count) as payment_count
    from {{ ref("int_supplier__purposes") }}
    group by payer_key
),

suppliers as (
    select
        ranked.shared_key,
        any_value(ranked.place_code) as place_code,
        any_value(ranked.financial_year) as financial_year,
        any_value(ranked.supplier_key) as supplier_key,
        any_value(ranked.supplier_class) as supplier_class,
        count(*) as payer_count,
        bit_xor(ranked.payer_hash) as list_key,
        '{' || string_agg('"' || ranked.agency_slug || '": ' || ranked.spend_gbp, ', ' order by ranked.payer_rank)
        || '}' as payer_spend,
        sum(ranked.spend_gbp) as shared_gbp,
        max(ranked.spend_gbp) as lead_gbp,
        coalesce(sum(ranked.spend_gbp) filter (where ranked.method_grade not in ('A', 'B')), 0) as apportioned_gbp,
        max(ranked.method_grade) as method_grade,
        sum(paid.payment_count) as payment_count
    from ranked
    left join paid on ranked.payer_key = paid.payer_key
    group by ranked.shared_key
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
        string_agg(ranked.agency_slug, ', ' order by ranked.payer_rank) as payers,
        min_by(ranked.agency_slug, ranked.payer_rank) as lead_agency_slug
    from first_of_list as lists
    inner join ranked on lists.shared_key = ranked.shared_key
    group by lists.list_key
)

select
    suppliers.place_code,
    places.place_name,
    suppliers.financial_year,
    classes.resolved_supplier_id as supplier_id,
    classes.supplier_name,
    suppliers.supplier_class,
    cast(suppliers.payer_count as integer) as payer_count,
    lists.payers,
    suppliers.payer_spend,
    lists.lead_agency_slug,
    cast(suppliers.lead_gbp as decimal(18, 2)) as lead_gbp,
    cast(suppliers.shared_gbp as decimal(18, 2)) as shared_gbp,
    cast(suppliers.shared_gbp - suppliers.lead_gbp as decimal(18, 2)) as non_lead_gbp,
    cast(suppliers.apportioned_gbp as decimal(18, 2)) as apportioned_gbp,
    suppliers.method_grade,
    cast(suppliers.payment_count as bigint) as payment_count,
    classes.match_confidence,
    case
        when classes.name_count = 1 then 'one name'
        when classes.match_methods = 'exact' then classes.name_count || ' names, one key'
        else classes.name_count || ' names, joined by ' || replace(classes.match_methods, '_', ' ')
    end as match_reason
from suppliers
inner join lists on suppliers.list_key = lists.list_key
inner join {{ ref("int_supplier__classes") }} as classes on suppliers.supplier_key = classes.supplier_key
left join {{ ref("dim_place") }} as places on suppliers.place_code = places.place_code
