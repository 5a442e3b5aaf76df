{# A payer of a supplier counts from here: what it paid the supplier in the year, credits netted, before any division over
   places. #}
{% macro payer_threshold_pence() -%}
50000
{%- endmacro %}

{# Classes of payee that no supplier overlap is measured for. #}
{% macro unresolved_classes() -%}
('redacted', 'placeholder', 'no_payee')
{%- endmacro %}

{# A share of two whole sums. #}
{% macro share_of(part, whole) -%}
cast({{ part }} as double) / cast({{ whole }} as double)
{%- endmacro %}

{# "29.2%", or "29.2% to 35.0%" where withheld names could hide more. #}
{% macro printed_range(low, unresolved, is_range) -%}
format('{:.1f}%', 100 * {{ low }})
|| case when {{ is_range }} then format(' to {:.1f}%', 100 * ({{ low }} + {{ unresolved }})) else '' end
{%- endmacro %}
