{# Pounds (DECIMAL with two decimals) to whole pence and back, exactly. DuckDB divides decimals as doubles, so the
   way back multiplies by a decimal literal. #}
{% macro pence(pounds) -%}
cast({{ pounds }} * 100 as bigint)
{%- endmacro %}

{% macro pounds(pence) -%}
cast(cast({{ pence }} as decimal(20, 0)) * 0.01 as decimal(18, 2))
{%- endmacro %}
