-- The rows of mart_spend_by_place on two other geographies, each of which holds every pound once: today's codes
-- (`as_is_now`) and the codes of 2009 (`as_first_was`). `mart_spend_by_place` itself is the series as it was.
{{ scope_spend("scope_kind <> 'area'") }}

select
    priced.scope_kind as geography,
    priced.scope_code as place_code,
    places.place_name,
    {{ spend_columns() }},
    priced.newly_internal_gbp,
    priced.place_codes as place_codes_as_was,
    priced.restated_by,
    priced.restated_vintage
from priced
left join {{ ref("dim_place") }} as places on priced.scope_code = places.place_code
