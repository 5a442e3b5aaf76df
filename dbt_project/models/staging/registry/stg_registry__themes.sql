{% set columns = [
    "theme_scheme", "theme_code", "theme_name", "is_partition", "sort_order"
] %}
{{ extended_rows(ref("seed_themes"), "themes", columns, ["theme_scheme", "theme_code"]) }}

select
    theme_scheme,
    theme_code,
    theme_name,
    cast(is_partition as boolean) as is_partition,
    cast(sort_order as integer) as sort_order,
    is_extension
from united
