-- Payees that supplier overlap is not measured for, by class, with their money: nothing is left out unseen. Shared ones
-- are counted before anything leaves by consolidation.
with spend as (
    select
        place_code,
        financial_year,
        supplier_class,
        sum(spend_pence) filter (where not is_eliminated) as spend_pence,
        sum(spend_pence) filter (where is_eliminated) as eliminated_pence
    from {{ ref("int_supplier__spend") }}
    where supplier_class not in ('charity', 'company', 'unclassified')
    group by place_code, financial_year, supplier_class
),

kinds as (
    select distinct
        kind_no,
        agency_slug,
        financial_year
    from {{ ref("int_supplier__decisions") }}
),

nets as (
    select
        kinds.financial_year,
        kinds.agency_slug,
        nets.class_no,
        nets.supplier_no
    from {{ ref("int_supplier__nets") }} as nets
    inner join kinds on nets.kind_no = kinds.kind_no
    where nets.class_no in ({{ class_no("public_body") }}, {{ class_no("individual") }})
    group by kinds.financial_year, kinds.agency_slug, nets.class_no, nets.supplier_no
    having sum(nets.net_pence) >= {{ payer_threshold_pence() }}
),

payees as (
    select
        weights.place_code,
        nets.financial_year,
        {{ supplier_classes() }}[nets.class_no] as supplier_class,
        nets.supplier_no,
        count(distinct nets.agency_slug) as payer_count
    from nets
    inner join {{ ref("int_agency__place_weights") }} as weights
        on nets.agency_slug = weights.agency_slug
            and nets.financial_year = weights.financial_year
    group by weights.place_code, nets.financial_year, nets.class_no, nets.supplier_no
),

counted as (
    select
        payees.place_code,
        payees.financial_year,
        payees.supplier_class,
        count(*) as payee_count,
        count(*) filter (where payees.payer_count > 1) as shared_payee_count,
        string_agg(classes.supplier_name, '; ' order by classes.supplier_name)
        filter (where payees.payer_count > 1 and payees.supplier_class = 'public_body') as shared_payees
    from payees
    left join {{ ref("int_supplier__classes") }} as classes
        on payees.supplier_no = classes.supplier_no
    group by payees.place_code, payees.financial_year, payees.supplier_class
)

select
    spend.place_code,
    places.place_name,
    spend.financial_year,
    spend.supplier_class,
    {{ pounds("coalesce(spend.spend_pence, 0)") }} as spend_gbp,
    {{ pounds("coalesce(spend.eliminated_pence, 0)") }} as eliminated_gbp,
    cast(counted.payee_count as bigint) as payee_count,
    cast(counted.shared_payee_count as bigint) as shared_payee_count,
    counted.shared_payees
from spend
left join counted
    on spend.place_code = counted.place_code
        and spend.financial_year = counted.financial_year
        and spend.supplier_class = counted.supplier_class
left join {{ ref("dim_place") }} as places on spend.place_code = places.place_code
