{% set columns = [
    "agency_slug", "place_code", "financial_year", "weight", "driver", "driver_vintage"
] %}
{{ extended_rows(ref("seed_agency_places"), "agency_places", columns, ["agency_slug"]) }}

select
    agency_slug,
    place_code,
    financial_year,
    cast(weight as decimal(18, 12)) as weight,
    driver,
    driver_vintage,
    is_extension
from united
