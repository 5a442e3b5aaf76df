-- Every layer an agency returned for a year beside the one that counts, and why that one counts. The others explain
-- it and never add to it. What only passes through (collected for others, tax, recharges inside the body) explains no
-- spend.
with compared as (
    select
        totals.*,
        counting.kind = totals.kind as is_counting_layer,
        case when counting.override_reason is null then 'precedence' else 'override' end as layer_choice,
        counting.override_reason as layer_choice_reason,
        totals.outlay_gbp - totals.passed_on_gbp as own_gbp,
        counting.outlay_gbp - counting.passed_on_gbp as counted_own_gbp
    from {{ ref("int_agency__layer_totals") }} as totals
    inner join {{ ref("int_agency__counting_layer") }} as counting
        on totals.agency_slug = counting.agency_slug
            and totals.financial_year = counting.financial_year
),

-- An override that names what nobody returned changes nothing: it is shown, so that its writer sees it.
without_return as (
    select
        overrides.agency_slug,
        overrides.financial_year,
        coalesce(overrides.layer, 'not_returned') as layer,
        coalesce(overrides.kind, 'not_returned') as kind,
        false as is_counting_layer,
        'override_without_return' as layer_choice,
        overrides.reason as layer_choice_reason,
        0 as outlay_gbp,
        0 as passed_on_gbp,
        0 as income_gbp,
        0 as outlay_count,
        0 as income_count
    from {{ ref("stg_registry__layer_overrides") }} as overrides
    anti join {{ ref("int_agency__layer_totals") }} as totals
        on overrides.agency_slug = totals.agency_slug
            and overrides.financial_year = totals.financial_year
            and (overrides.layer is null or overrides.layer = totals.layer)
            and (overrides.kind is null or overrides.kind = totals.kind)
),

united as (
    select * from compared
    union all by name
    select * from without_return
)

select
    agency_slug,
    financial_year,
    layer,
    kind,
    is_counting_layer,
    layer_choice,
    layer_choice_reason,
    cast(outlay_gbp as decimal(18, 2)) as amount_gbp,
    cast(passed_on_gbp as decimal(18, 2)) as passed_on_gbp,
    cast(income_gbp as decimal(18, 2)) as income_gbp,
    cast(outlay_count + income_count as bigint) as flow_count,
    cast(own_gbp as decimal(18, 2)) as own_gbp,
    cast(counted_own_gbp - own_gbp as decimal(18, 2)) as not_explained_gbp,
    case when counted_own_gbp <> 0 then cast(own_gbp as double) / cast(counted_own_gbp as double) end as explained_share
from united
