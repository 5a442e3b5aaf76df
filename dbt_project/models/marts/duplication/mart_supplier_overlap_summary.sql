-- Supplier overlap of a place and year: S, what shared suppliers get (SS), and what they get beside the agency that
-- pays each most (SN). Withheld and missing names could hide shared suppliers: where the resolved part is under 95%,
-- the share is a range.
with spend as (
    select
        place_code,
        financial_year,
        sum(spend_pence) as spend_pence,
        sum(credit_pence) as credit_pence,
        sum(apportioned_pence) as apportioned_pence,
        coalesce(sum(spend_pence) filter (where supplier_class in ('charity', 'company', 'unclassified')), 0)
            as supplier_pence,
        coalesce(sum(spend_pence) filter (where supplier_class = 'public_body'), 0) as public_body_pence,
        coalesce(sum(spend_pence) filter (where supplier_class = 'individual'), 0) as individual_pence,
        coalesce(sum(spend_pence) filter (where supplier_class in {{ unresolved_classes() }}), 0) as unresolved_pence
    from {{ ref("int_supplier__spend") }}
    where not is_eliminated
    group by place_code, financial_year
    having sum(spend_pence) > 0
),

shared as (
    select
        place_code,
        financial_year,
        count(*) as shared_supplier_count,
        sum(shared_gbp) as shared_gbp,
        sum(non_lead_gbp) as non_lead_gbp
    from {{ ref("mart_supplier_overlap") }}
    group by place_code, financial_year
),

joined as (
    select
        spend.*,
        coalesce(shared.shared_supplier_count, 0) as shared_supplier_count,
        coalesce(shared.shared_gbp, 0) as shared_gbp,
        coalesce(shared.non_lead_gbp, 0) as non_lead_gbp,
        {{ share_of("coalesce(shared.shared_gbp, 0) * 100", "spend_pence") }} as shared_rate,
        {{ share_of("coalesce(shared.non_lead_gbp, 0) * 100", "spend_pence") }} as non_lead_rate,
        {{ share_of("unresolved_pence", "spend_pence") }} as unresolved_rate,
        {{ share_of("unresolved_pence", "spend_pence") }} > 0.05 as is_range
    from spend
    left join shared
        on spend.place_code = shared.place_code
            and spend.financial_year = shared.financial_year
)

select
    joined.place_code,
    places.place_name,
    joined.financial_year,
    cast(coverage.agency_count as integer) as agency_count,
    coverage.agencies,
    coverage.agency_types,
    cast(coverage.perimeter_agency_count as integer) as perimeter_agency_count,
    coverage.agencies_without_payments,
    {{ pounds("joined.spend_pence") }} as spend_gbp,
    {{ pounds("joined.supplier_pence") }} as supplier_spend_gbp,
    {{ pounds("joined.public_body_pence") }} as public_body_gbp,
    {{ pounds("joined.individual_pence") }} as individual_gbp,
    {{ pounds("joined.unresolved_pence") }} as unresolved_gbp,
    {{ pounds("joined.credit_pence") }} as floored_gbp,
    {{ pounds("joined.apportioned_pence") }} as apportioned_gbp,
    cast(joined.shared_supplier_count as bigint) as shared_supplier_count,
    cast(joined.shared_gbp as decimal(18, 2)) as shared_gbp,
    cast(joined.non_lead_gbp as decimal(18, 2)) as non_lead_gbp,
    joined.shared_rate,
    joined.non_lead_rate,
    1 - joined.unresolved_rate as resolved_rate,
    joined.is_range,
    joined.shared_rate + if(joined.is_range, joined.unresolved_rate, 0) as shared_rate_high,
    joined.non_lead_rate + if(joined.is_range, joined.unresolved_rate, 0) as non_lead_rate_high,
    {{ printed_range("joined.shared_rate", "joined.unresolved_rate", "joined.is_range") }} as shared_printed,
    {{ printed_range("joined.non_lead_rate", "joined.unresolved_rate", "joined.is_range") }} as non_lead_printed,
    coverage.months_by_agency,
    cast(coverage.matched_month_count as integer) as matched_month_count,
    coverage.matched_months,
    coverage.is_comparable_with_previous_year,
    'Compare only with places and years of the same kinds of agency (' || coverage.agency_types
    || ') with the same months: the shared part grows with the agencies compared' as comparability
from joined
inner join {{ ref("int_supplier__coverage") }} as coverage
    on joined.place_code = coverage.place_code
        and joined.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on joined.place_code = places.place_code
