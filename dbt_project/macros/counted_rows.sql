{# The rows of a kind that count: those in service, less those that an earlier file of the agency has too. #}
{% macro counted_rows(kind) -%}
(
    select lines.*
    from {{ source("lake", kind) }} as lines
    anti join {{ source("intake", "repeated_rows") }} as repeated on lines.flow_id = repeated.flow_id
)
{%- endmacro %}
