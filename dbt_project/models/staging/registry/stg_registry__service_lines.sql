select
    lines.line_key,
    lines.line_label,
    lines.role,
    cast(lines.sign as integer) as sign,
    lines.service_code,
    lines.economic_type,
    lines.funding_route,
    streams.funding_stream,
    lines.transfer_kind,
    lines.valid_from_year,
    lines.valid_to_year
from {{ ref("seed_service_lines") }} as lines
left join {{ ref("stg_registry__funding_streams") }} as streams on lower(lines.funding_stream) = streams.stream_key
