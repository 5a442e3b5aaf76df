{% set columns = [
    "theme_scheme", "service_code", "theme_code", "weight", "reason"
] %}
{{ extended_rows(ref("seed_service_themes"), "service_themes", columns, ["theme_scheme", "service_code"]) }}

select
    theme_scheme,
    service_code,
    theme_code,
    cast(weight as decimal(18, 12)) as weight,
    reason,
    is_extension
from united
