{# The exact key two spellings of one body share. No pattern, no distance: upper case, "&" as AND, the trailing
   "(account number)" or cut-off "[..." dropped, punctuation as space, legal-form words and THE dropped. #}
{% macro normalised_name(name) -%}
nullif(trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    replace(upper({{ name }}), '&', ' AND '),
    '\s*[\(\[][^\)\]]*[\)\]]?\s*$', ' '),
    '[^\p{L}\p{N}]+', ' ', 'g'),
    '\b(LIMITED|LTD|PLC|LLP|THE)\b', ' ', 'g'),
    '\s+', ' ', 'g')), '')
{%- endmacro %}
