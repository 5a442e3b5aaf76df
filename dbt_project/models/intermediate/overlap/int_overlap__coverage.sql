-- Whose money each lens can see, agency by agency of the perimeter: by service what counts for it, by purchase category
-- its ledger, whatever counts.
with ledgers as (
    select distinct
        agency_slug,
        financial_year
    from {{ ref("int_agency__layer_totals") }}
    where layer = 'transactions' and outlay_count > 0
),

lenses as (
    select unnest(['service', 'purchase_category']) as lens
)

select
    lenses.lens,
    perimeter.place_code,
    perimeter.financial_year,
    perimeter.agency_slug,
    case lenses.lens when 'service' then perimeter.is_counting else ledgers.agency_slug is not null end as is_covered,
    case lenses.lens
        when 'service' then case when perimeter.is_counting then counting.kind end
        when 'purchase_category' then case when ledgers.agency_slug is not null then 'spend' end
    end as covered_by
from {{ ref("int_place__perimeter") }} as perimeter
cross join lenses
left join ledgers
    on perimeter.agency_slug = ledgers.agency_slug
        and perimeter.financial_year = ledgers.financial_year
left join {{ ref("int_agency__counting_layer") }} as counting
    on perimeter.agency_slug = counting.agency_slug
        and perimeter.financial_year = counting.financial_year
