{# Rows of the returns folder's own registry, every column as text. A table or column that is not there gives no rows
   or NULLs: a place may extend as much of the registry as it needs. #}
{% macro registry_rows(table_name, columns) -%}
{%- set declared = source('registry', table_name) -%}
{%- set present = none -%}
{%- set names = [] -%}
{%- if execute -%}
    {%- set present = adapter.get_relation(
        database=declared.database, schema=declared.schema, identifier=declared.identifier
    ) -%}
    {%- if present is not none -%}
        {%- for column in adapter.get_columns_in_relation(present) -%}
            {%- do names.append(column.name | lower) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endif -%}
select
    {%- for column in columns %}
    {% if column in names %}nullif(trim(cast({{ column }} as varchar)), ''){% else %}cast(null as varchar){% endif %}
        as {{ column }}{{ "," if not loop.last }}
    {%- endfor %}
{% if present is not none %}from {{ declared }}{% else %}where false{% endif %}
{%- endmacro %}

{# Rows of a shipped seed in the same shape. #}
{% macro seed_rows(seed, columns) -%}
select
    {%- for column in columns %}
    nullif(trim(cast({{ column }} as varchar)), '') as {{ column }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ seed }}
{%- endmacro %}

{# Shipped rows and extension rows; an extension row takes the place of every shipped row with the same key. #}
{% macro extended_rows(seed, table_name, columns, key) -%}
with shipped as (
    {{ seed_rows(seed, columns) }}
),

extension as (
    {{ registry_rows(table_name, columns) }}
),

united as (
    select *, true as is_extension
    from extension
    union all
    select shipped.*, false as is_extension
    from shipped
    where not exists (
        select 1
        from extension
        where
            {%- for column in key %}
            {{ "and " if not loop.first }}extension.{{ column }} = shipped.{{ column }}
            {%- endfor %}
    )
)
{%- endmacro %}
