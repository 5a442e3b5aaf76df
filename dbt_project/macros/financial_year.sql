{# Financial years are text "2024-25", 1 April to 31 March; validity is half-open [from, to), NULL is open. #}
{% macro year_start(financial_year) -%}
make_date(cast(left({{ financial_year }}, 4) as integer), 4, 1)
{%- endmacro %}

{% macro year_end(financial_year) -%}
make_date(cast(left({{ financial_year }}, 4) as integer) + 1, 4, 1)
{%- endmacro %}

{% macro valid_in_year(valid_from, valid_to, financial_year) -%}
(
    ({{ valid_from }} is null or {{ valid_from }} < {{ year_end(financial_year) }})
    and ({{ valid_to }} is null or {{ valid_to }} > {{ year_start(financial_year) }})
)
{%- endmacro %}
