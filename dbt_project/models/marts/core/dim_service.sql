select
    service_code,
    service_name,
    service_level,
    parent_service_code
from {{ ref("stg_registry__services") }}
