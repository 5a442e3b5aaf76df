-- Consolidated spend of each area and year, for the area's own perimeter: a payment from one of its places to a body of
-- another leaves the total here and stays in the place's. A member of the perimeter without a return is a row without
-- money.
{{ scope_spend("scope_kind = 'area'") }},

names as (
    select
        area_code,
        min(area_name) as area_name,
        min(coalesce(area_kind, 'registry')) as area_kind
    from {{ ref("stg_registry__areas") }}
    group by area_code
)

select
    priced.scope_code as area_code,
    coalesce(names.area_name, priced.scope_code) as area_name,
    names.area_kind,
    {{ spend_columns() }},
    priced.newly_internal_gbp as internal_to_area_gbp,
    priced.place_codes
from priced
left join names on priced.scope_code = names.area_code
