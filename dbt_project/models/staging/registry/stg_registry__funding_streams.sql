select
    funding_stream,
    lower(funding_stream) as stream_key,
    funding_route
from {{ ref("seed_funding_streams") }}
