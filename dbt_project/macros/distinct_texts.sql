{# The distinct texts of a group in their order, between separators; null where there is none. As a list that is thinned out at the end:
   `string_agg(distinct ...)` keeps a table of its own for each column, which took twice as long as all the rest of a model.
   The list holds a text for each row of the group: not for groups of millions of rows. #}
{% macro distinct_texts(column, separator=", ") -%}
array_to_string(list_sort(list_distinct(list({{ column }}) filter ({{ column }} is not null))), '{{ separator }}')
{%- endmacro %}
