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

{# Classes of payee by number: `supplier_classes()` is the list in SQL, `class_no("charity")` a place in it. #}
{% macro supplier_classes() -%}
['charity', 'company', 'unclassified', 'individual', 'public_body', 'redacted', 'placeholder', 'no_payee']
{%- endmacro %}

{% macro class_no(name) -%}
{{ ["charity", "company", "unclassified", "individual", "public_body", "redacted", "placeholder", "no_payee"].index(name) + 1 }}
{%- endmacro %}

{# A supplier as a number, for grouping inside one run: it is made once for each name, and goes no further. #}
{% macro supplier_key(resolved_supplier_id) -%}
hash({{ resolved_supplier_id }})
{%- endmacro %}

{# Months as bits, so that they are put together as numbers: bit 24 is the first month of the financial year. A line is of the year
   of its date, but for late postings: all months fit. #}
{% macro month_bits(day, first_day) -%}
bit_or(
    case
        when datediff('month', {{ first_day }}, {{ day }}) between -24 and 38
            then 1::bigint << (datediff('month', {{ first_day }}, {{ day }}) + 24)
    end
)
{%- endmacro %}

{# What the months of a table read, once for each financial year and set of them: "2024-04, 2024-05". #}
{% macro month_words(relation) -%}
select
    financial_year,
    month_set,
    array_to_string(
        [
            strftime(cast({{ year_start("financial_year") }} + to_months(cast(n - 24 as integer)) as date), '%Y-%m')
            for n in range(63)
            if (month_set >> n) & 1 = 1
        ], ', '
    ) as months
from (select distinct financial_year, month_set from {{ relation }})
{%- endmacro %}

{# The classes of payee whose name is withheld or stands in for one, by number. #}
{% macro withheld_class_nos() -%}
{{ class_no("redacted") }}, {{ class_no("placeholder") }}
{%- endmacro %}
