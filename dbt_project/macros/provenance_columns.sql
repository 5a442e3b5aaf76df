{# Where a flow comes from, the same columns for every kind of return. #}
{% macro provenance_columns(relation=none) -%}
{%- set columns = [
    "flow_id", "return_id", "revision_id", "publisher_slug", "agency_slug", "kind", "period", "financial_year",
    "file_name", "file_sha256", "sheet_name", "row_number", "cell_ref", "published_as_at", "landed_at"
] -%}
{%- for column in columns -%}
{{ relation ~ "." if relation }}{{ column }}{{ ",\n    " if not loop.last }}
{%- endfor -%}
{%- endmacro %}
