select
    funding_stream,
    lower(funding_stream) as stream_key
from {{ ref("seed_funding_streams") }}
