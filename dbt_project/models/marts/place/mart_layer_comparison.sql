-- Every layer an agency returned for a year beside the one that counts. The others explain it and never add to it.
select
    totals.agency_slug,
    totals.financial_year,
    totals.layer,
    totals.kind,
    counting.kind = totals.kind as is_counting_layer,
    cast(totals.outlay_gbp as decimal(18, 2)) as amount_gbp,
    cast(totals.income_gbp as decimal(18, 2)) as income_gbp,
    cast(totals.outlay_count + totals.income_count as bigint) as flow_count,
    case when counting.outlay_gbp <> 0 then cast(totals.outlay_gbp as double) / cast(counting.outlay_gbp as double) end
        as explained_share
from {{ ref("int_agency__layer_totals") }} as totals
inner join {{ ref("int_agency__counting_layer") }} as counting
    on totals.agency_slug = counting.agency_slug
        and totals.financial_year = counting.financial_year
