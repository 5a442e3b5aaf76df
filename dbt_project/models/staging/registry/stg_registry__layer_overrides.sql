-- Which account counts for an agency and year where a place decides so; there is no shipped row. Card payments are part
-- of the ledger, so a row that names them names it. Rows of bodies that are no agencies decide nothing.
with added as (
    {{ registry_rows("layer_overrides", ["agency_slug", "financial_year", "layer", "kind", "reason"]) }}
)

select
    added.agency_slug,
    added.financial_year,
    added.layer,
    case added.kind when 'procurement_card' then 'spend' else added.kind end as kind,
    added.reason
from added
inner join {{ ref("stg_registry__agencies") }} as agencies on added.agency_slug = agencies.agency_slug
