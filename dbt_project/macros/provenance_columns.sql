{# Where a flow comes from, the same columns for every kind of return. `typed` casts them as the lake has them to what
   staging promises (the lake's figures may be wider). #}
{% macro provenance_columns(relation=none, typed=false) -%}
{%- set columns = [
    "flow_id", "return_id", "revision_id", "publisher_slug", "agency_slug", "kind", "period", "financial_year",
    "file_name", "file_sha256", "sheet_name", "row_number", "cell_ref", "published_as_at", "landed_at"
] -%}
{%- set types = {"row_number": "integer", "published_as_at": "timestamp", "landed_at": "timestamp"} -%}
{%- for column in columns -%}
{%- set named = (relation ~ "." if relation else "") ~ column -%}
{%- if typed and column in types -%}
cast({{ named }} as {{ types[column] }}) as {{ column }}
{%- else -%}
{{ named }}
{%- endif -%}
{{ ",\n    " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# The same and the amount, for a kind whose lines are money. #}
{% macro money_line_columns(relation=none) -%}
{{ provenance_columns(relation, typed=true) }},
    cast({{ relation ~ "." if relation }}amount_gbp as decimal(18, 2)) as amount_gbp
{%- endmacro %}
