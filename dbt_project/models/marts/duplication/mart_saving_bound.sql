-- The saving bound of a place as a waterfall over disjoint bases: duplicate excess, then supplier non-lead, then
-- addressable overlap. A base is no saving: savings are printed only where a rate with a source is stated
-- (registry/rates.csv: saving_bound_duplicate_excess, saving_bound_supplier_non_lead and so on).
with rates as (
    {{ registry_rows("rates", ["rate_name", "value", "source"]) }}
),

stated as (
    select
        rate_name,
        max(try_cast(value as decimal(18, 12))) as rate,
        max(source) as source
    from rates
    where starts_with(rate_name, 'saving_bound_')
    group by rate_name
),

bases as (
    select
        grade_scope,
        place_code,
        financial_year,
        agency_slug,
        spend_pence,
        unnest([1, 2, 3]) as base_order,
        unnest(['duplicate_excess', 'supplier_non_lead', 'addressable_overlap']) as base,
        unnest([excess_pence, non_lead_pence, addressable_pence]) as measured_pence,
        unnest([excess_base_pence, non_lead_base_pence, addressable_base_pence]) as base_pence
    from {{ ref("int_supplier__saving_bases") }}
),

rated as (
    select
        bases.*,
        stated.source as rate_source,
        case when stated.rate between 0 and 1 and stated.source is not null then stated.rate end as rate,
        case
            when stated.rate_name is null then 'no rate is stated: the base stands alone'
            when stated.rate is null or stated.rate not between 0 and 1
                then 'the rate is no share from 0 to 1: not used'
            when stated.source is null then 'the rate has no source: not used'
            else 'rate of the user'
        end as rate_status
    from bases
    left join stated on stated.rate_name = 'saving_bound_' || bases.base
)

select
    rated.place_code,
    places.place_name,
    rated.financial_year,
    rated.grade_scope,
    rated.agency_slug,
    rated.base_order,
    rated.base,
    {{ pounds("rated.measured_pence") }} as measured_gbp,
    {{ pounds("rated.measured_pence - rated.base_pence") }} as in_earlier_base_gbp,
    {{ pounds("rated.base_pence") }} as base_gbp,
    {{ pounds("rated.spend_pence") }} as spend_gbp,
    rated.rate as saving_rate,
    rated.rate_source,
    rated.rate_status,
    cast(round(rated.base_pence * rated.rate) * 0.01 as decimal(18, 2)) as saving_gbp
from rated
left join {{ ref("dim_place") }} as places on rated.place_code = places.place_code
where rated.place_code <> 'UNALLOCATED'
