select
    {{ provenance_columns(typed=true) }},
    nullif(trim(proposal_id), '') as proposal_id,
    nullif(trim(place_code), '') as place_code,
    nullif(trim(title), '') as title,
    nullif(trim(theme_code), '') as theme_code,
    nullif(trim(investing_agency), '') as investing_agency,
    nullif(trim(benefiting_agency), '') as benefiting_agency,
    cast(cost_gbp as decimal(18, 2)) as cost_gbp,
    cast(benefit_gbp as decimal(18, 2)) as benefit_gbp,
    cast(cashable_share as double) as cashable_share,
    nullif(trim(evidence), '') as evidence
from {{ source('lake', 'invest_to_save') }}
