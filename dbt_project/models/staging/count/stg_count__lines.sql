-- What may be published is decided here: a counterparty is a registered agency or nobody, a stream one of the
-- standard names or 'other'.
select
    {{ money_line_columns("lines") }},
    nullif(trim(lines.place_code), '') as place_code,
    nullif(trim(lines.flow), '') as flow,
    nullif(trim(lines.service_code), '') as service_code,
    nullif(trim(lines.economic_type), '') as economic_type,
    nullif(trim(lines.capital_or_revenue), '') as capital_or_revenue,
    nullif(trim(lines.expenditure_basis), '') as expenditure_basis,
    nullif(trim(lines.funding_route), '') as funding_route,
    case when nullif(trim(lines.funding_stream), '') is not null then coalesce(streams.funding_stream, 'other') end
        as funding_stream,
    nullif(trim(lines.delivery_mode), '') as delivery_mode,
    nullif(trim(lines.transfer_kind), '') as transfer_kind,
    registered.agency_slug as counterparty_agency,
    nullif(trim(lines.counterparty_agency), '') is not null and registered.agency_slug is null
        as is_counterparty_unregistered,
    nullif(trim(lines.counterparty_name), '') as counterparty_name,
    nullif(trim(lines.place_basis), '') as place_basis,
    nullif(trim(lines.method_grade), '') as method_grade,
    nullif(trim(lines.discretion), '') as discretion
from {{ source('lake', 'count') }} as lines
left join {{ ref("stg_registry__agencies") }} as registered
    on trim(lines.counterparty_agency) = registered.agency_slug
left join {{ ref("stg_registry__funding_streams") }} as streams
    on lower(trim(lines.funding_stream)) = streams.stream_key
