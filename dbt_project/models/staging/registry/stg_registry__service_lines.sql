select
    line_key,
    line_label,
    role,
    cast(sign as integer) as sign,
    service_code,
    economic_type,
    funding_route,
    funding_stream,
    transfer_kind,
    valid_from_year,
    valid_to_year
from {{ ref("seed_service_lines") }}
