select
    {{ provenance_columns(typed=true) }},
    nullif(trim(ask_id), '') as ask_id,
    nullif(trim(place_code), '') as place_code,
    nullif(trim(asking_agency), '') as asking_agency,
    nullif(trim(asked_agency), '') as asked_agency,
    nullif(trim(ask), '') as ask,
    nullif(trim(status), '') as status,
    cast(asked_date as date) as asked_date,
    cast(answered_date as date) as answered_date
from {{ source('lake', 'asks') }}
