-- What an agency is for, where nothing says what a line is for: the code registered for the body itself, else that of
-- its type. Single-purpose: a body of that type with that code does nothing else.
select
    agencies.agency_slug,
    coalesce(agencies.default_service_code, by_type.service_code) as service_code,
    coalesce(known.is_single_purpose, false) as is_single_purpose,
    known.reason
from {{ ref("stg_registry__agencies") }} as agencies
left join {{ ref("seed_service_defaults") }} as by_type
    on agencies.agency_type = by_type.agency_type and by_type.is_default_of_type
left join {{ ref("seed_service_defaults") }} as known
    on agencies.agency_type = known.agency_type
        and coalesce(agencies.default_service_code, by_type.service_code) = known.service_code
where coalesce(agencies.default_service_code, by_type.service_code) is not null
