{# The numbers by which lines of payment know what they share: hashes of it, as `orchestration/ledger_parts.py` writes them. They are
   the same in every file and every run, so that a line keeps its numbers when another return changes. #}
{% macro origin_no(lines=none) -%}
{%- set prefix = lines ~ "." if lines else "" -%}
hash(
    {{ prefix }}revision_id, {{ prefix }}agency_slug, {{ prefix }}financial_year, {{ prefix }}sheet_name,
    {{ prefix }}place_code
)
{%- endmacro %}

{% macro wording_no(lines=none) -%}
{%- set prefix = lines ~ "." if lines else "" -%}
hash({{ prefix }}expense_area, {{ prefix }}department, {{ prefix }}expense_type, {{ prefix }}merchant_category)
{%- endmacro %}

{% macro payee_no(lines=none) -%}
{%- set prefix = lines ~ "." if lines else "" -%}
case when {{ prefix }}payee_name is not null then hash({{ prefix }}payee_name) end
{%- endmacro %}
