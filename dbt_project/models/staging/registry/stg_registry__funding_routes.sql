select
    funding_route,
    route_name,
    origin,
    directed_by,
    cast(is_ringfenced as boolean) as is_ringfenced
from {{ ref("seed_funding_routes") }}
