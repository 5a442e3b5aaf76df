-- Every layer an agency returned for a year beside the one that counts. The others explain it and never add to it.
-- What only passes through (collected for others, tax, recharges inside the body) explains no spend.
with compared as (
    select
        totals.*,
        counting.kind = totals.kind as is_counting_layer,
        totals.outlay_gbp - totals.passed_on_gbp as own_gbp,
        counting.outlay_gbp - counting.passed_on_gbp as counted_own_gbp
    from {{ ref("int_agency__layer_totals") }} as totals
    inner join {{ ref("int_agency__counting_layer") }} as counting
        on totals.agency_slug = counting.agency_slug
            and totals.financial_year = counting.financial_year
)

select
    agency_slug,
    financial_year,
    layer,
    kind,
    is_counting_layer,
    cast(outlay_gbp as decimal(18, 2)) as amount_gbp,
    cast(passed_on_gbp as decimal(18, 2)) as passed_on_gbp,
    cast(income_gbp as decimal(18, 2)) as income_gbp,
    cast(outlay_count + income_count as bigint) as flow_count,
    case when counted_own_gbp <> 0 then cast(own_gbp as double) / cast(counted_own_gbp as double) end as explained_share
from compared
