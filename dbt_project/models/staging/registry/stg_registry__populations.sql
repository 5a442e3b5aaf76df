{% set columns = [
    "place_code", "vintage", "reference_year", "population_count", "source"
] %}
{{ extended_rows(ref("seed_populations"), "populations", columns, ["place_code", "vintage"]) }}

select
    place_code,
    vintage,
    cast(reference_year as integer) as reference_year,
    cast(population_count as bigint) as population_count,
    source,
    is_extension
from united
