select
    service_code,
    service_name,
    cast(service_level as integer) as service_level,
    parent_service_code
from {{ ref("seed_services") }}
