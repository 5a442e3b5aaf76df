{# What possible duplicate payments compare of a line's texts, as whole numbers (hashes), made once, where the text is read anyway.
   NULL where there is none. #}
{% macro text_key(text) -%}
case when {{ text }} is not null then hash({{ text }}) end
{%- endmacro %}

{# The document that a reference names, 0 where it names none; NULL without a reference. #}
{% macro document_key(reference) -%}
case
    when {{ normalised_reference(reference) }} is not null then hash({{ normalised_reference(reference) }})
    when {{ reference }} is not null then 0
end
{%- endmacro %}

{# The columns of a narrow line. Capitals and digits without leading noughts, as nearly all references are, name the document that
   they read: it has no key of its own, and no number of a line at its end. Some payers' references end in one: what is left
   without it is the number and the document of such a line, if its payer proves to be one of them (int_payment__numbering). #}
{% macro payment_keys(lines) -%}
{{ text_key(lines ~ ".payee_identifier") }} as set_up_key,
{{ text_key(lines ~ ".reference") }} as reference_key,
case when {{ is_plain_reference(lines) }} then null else {{ document_key(lines ~ ".reference") }} end as own_document_key,
case
    when {{ is_plain_reference(lines) }} then null
    when {{ has_line_number(lines ~ ".reference") }} then hash({{ without_line_number(lines ~ ".reference") }})
end as number_key,
case
    when {{ is_plain_reference(lines) }} then null
    when {{ has_line_number(lines ~ ".reference") }} then {{ document_key(without_line_number(lines ~ ".reference")) }}
end as number_document_key
{%- endmacro %}

{% macro is_plain_reference(lines) -%}
regexp_full_match({{ lines }}.reference, '[A-Z]*[1-9][0-9]*')
{%- endmacro %}

{# Half of a hash: enough to find what may stand there twice, or to tell a few apart. #}
{% macro half_key(key) -%}
cast({{ key }} >> 32 as uinteger)
{%- endmacro %}
