select
    {{ money_line_columns() }},
    nullif(trim(arrangement_id), '') as arrangement_id,
    nullif(trim(place_code), '') as place_code,
    nullif(trim(arrangement_kind), '') as arrangement_kind,
    nullif(trim(host_agency), '') as host_agency,
    nullif(trim(party_agencies), '') as party_agencies,
    nullif(trim(theme_code), '') as theme_code,
    cast(start_date as date) as start_date,
    cast(end_date as date) as end_date
from {{ source('lake', 'joint_arrangements') }}
