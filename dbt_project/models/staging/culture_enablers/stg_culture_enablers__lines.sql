select
    {{ provenance_columns(typed=true) }},
    nullif(trim(respondent_agency), '') as respondent_agency,
    nullif(trim(place_code), '') as place_code,
    nullif(trim(enabler_type), '') as enabler_type,
    nullif(trim(theme_code), '') as theme_code,
    nullif(trim(counterpart_agency), '') as counterpart_agency,
    cast(effect as bigint) as effect,
    nullif(trim(level), '') as level,
    nullif(trim(owner), '') as owner,
    nullif(trim(status), '') as status,
    cast(raised_date as date) as raised_date,
    cast(resolved_date as date) as resolved_date,
    nullif(trim(evidence_url), '') as evidence_url
from {{ source('lake', 'culture_enablers') }}
