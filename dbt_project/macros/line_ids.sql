{# The id and the cell of a ledger line, from its narrow row and what it shares (`shared` has the prefix of its origin). #}
{% macro line_flow_id(lines, shared) -%}
coalesce({{ lines }}.own_flow_id, {{ shared }}.flow_prefix || {{ lines }}.cell_column || {{ lines }}.row_number)
{%- endmacro %}

{% macro line_cell_ref(lines) -%}
nullif(coalesce({{ lines }}.own_cell_ref, {{ lines }}.cell_column || {{ lines }}.row_number), '')
{%- endmacro %}

{# Which of the lines of a row: a number in place of the texts of its id. #}
{% macro cell_key(lines) -%}
hash({{ lines }}.cell_column, {{ lines }}.own_flow_id)
{%- endmacro %}
