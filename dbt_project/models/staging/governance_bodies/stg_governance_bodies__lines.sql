select
    {{ provenance_columns(typed=true) }},
    nullif(trim(body_id), '') as body_id,
    nullif(trim(place_code), '') as place_code,
    nullif(trim(body_name), '') as body_name,
    nullif(trim(member_agencies), '') as member_agencies,
    cast(third_sector_seats as bigint) as third_sector_seats,
    cast(decides_money as boolean) as decides_money,
    cast(start_date as date) as start_date,
    cast(end_date as date) as end_date
from {{ source('lake', 'governance_bodies') }}
