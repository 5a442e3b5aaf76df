{# What possible duplicate payments compare of a line's texts, as whole numbers: hashes of the reference as published and of the
   number under which the payee is set up, made once, where the text is read anyway. NULL where there is none. #}
{% macro text_key(text) -%}
case when {{ text }} is not null then hash({{ text }}) end
{%- endmacro %}

{# The hash of the document that a reference names, where it is not that of the reference: NULL where it is (capitals and digits
   without leading noughts are nearly all references there are), 0 where the reference names no document. #}
{% macro own_document_key(reference) -%}
case
    when {{ reference }} is null or regexp_full_match({{ reference }}, '[A-Z]*[1-9][0-9]*') then null
    when {{ normalised_reference(reference) }} is null then 0
    else hash({{ normalised_reference(reference) }})
end
{%- endmacro %}

{# The columns of a narrow line. #}
{% macro payment_keys(lines) -%}
{{ text_key(lines ~ ".payee_identifier") }} as set_up_key,
{{ text_key(lines ~ ".reference") }} as reference_key,
{{ own_document_key(lines ~ ".reference") }} as own_document_key,
coalesce({{ has_line_number(lines ~ ".reference") }}, false) as is_line_number
{%- endmacro %}
