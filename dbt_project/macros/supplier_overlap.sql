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

{# Two whole numbers as one, for joins and sums by both. #}
{% macro paired(high, low) -%}
({{ high }}::bigint << 32) | {{ low }}::bigint
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

{# What the months of a table read, once for each financial year and set of them: "2024-04, 2024-05". Nearly all are of the
   year itself. #}
{% macro month_words(relation) -%}
select
    financial_year,
    month_set,
    case
        when month_set >> 24 << 24 = month_set and month_set >> 36 = 0
            then concat_ws(
                ', '
                {%- for n in range(12) -%}
                , if(
                    (month_set >> {{ 24 + n }}) & 1 = 1,
                    {{ "left(financial_year, 4)" if n < 9 else "cast(left(financial_year, 4)::integer + 1 as varchar)" }}
                    || '-{{ "%02d" | format((n + 3) % 12 + 1) }}', null
                )
                {%- endfor -%}
            )
        else array_to_string(
            [
                strftime(cast({{ year_start("financial_year") }} + to_months(cast(n - 24 as integer)) as date), '%Y-%m')
                for n in range(63)
                if (month_set >> n) & 1 = 1
            ], ', '
        )
    end as months
from (select distinct financial_year, month_set from {{ relation }} where month_set is not null)
{%- endmacro %}

{# The classes of payee whose name is withheld or stands in for one, by number. #}
{% macro withheld_class_nos() -%}
{{ class_no("redacted") }}, {{ class_no("placeholder") }}
{%- endmacro %}

{# What the numbers of int_supplier__kinds stand for, as two common table expressions: `sites` (place and year) and `bodies` (the
   payer under its name). #}
{% macro numbered_words() -%}
sites as (
    select distinct
        kinds.site_no,
        kinds.place_code,
        places.place_name,
        kinds.financial_year
    from {{ ref("int_supplier__kinds") }} as kinds
    left join {{ ref("dim_place") }} as places on kinds.place_code = places.place_code
),

bodies as (
    select distinct
        payer_no,
        payer_slug as agency_slug,
        cast(dense_rank() over (order by payer_slug) as integer) as agency_no
    from {{ ref("int_supplier__kinds") }}
)
{%- endmacro %}

{# What the sets of numbers of a table of lists read, as common table expressions: of each `list_key` the set and how many are in it
   (`NUMBER_sets`), of each set the words (`NUMBER_words`), which stand in `named` beside the number. Many lists have one set. #}
{% macro words_of_sets(lists, number, named, name) -%}
{{ number }}_members as (
    select distinct
        list_key,
        {{ number }}
    from {{ lists }}
),

{{ number }}_sets as (
    select
        list_key,
        count(*) as member_count,
        bit_xor(hash({{ number }})) as set_key
    from {{ number }}_members
    group by list_key
),

{{ number }}_first as (
    select
        set_key,
        min(list_key) as list_key
    from {{ number }}_sets
    group by set_key
),

{{ number }}_words as (
    select
        first_of_set.set_key,
        string_agg(distinct words.{{ name }}, ', ' order by words.{{ name }}) as words
    from {{ number }}_first as first_of_set
    inner join {{ number }}_members as members on first_of_set.list_key = members.list_key
    inner join {{ named }} as words on members.{{ number }} = words.{{ number }}
    group by first_of_set.set_key
)
{%- endmacro %}
