{# A document's number without the ways of writing it: upper case, letters and digits only, leading zeros of each run of
   digits dropped, R, DUP and COPY at the end dropped. NULL where no digit but 0 is left: such words name no document. The
   first branch gives what the second would, for the commonest case at a tenth of the cost. #}
{% macro normalised_reference(reference) -%}
case
    when regexp_full_match({{ reference }}, '[A-Za-z]*[1-9][0-9]*') then upper({{ reference }})
    when regexp_matches({{ reference }}, '[1-9]')
        then regexp_replace(
            regexp_replace(
                regexp_replace(upper({{ reference }}), '[^A-Z0-9]+', '', 'g'), '(^|[^0-9])0+([0-9])', '\1\2', 'g'
            ),
            '(R|DUP|COPY)+$', ''
        )
end
{%- endmacro %}

{# The number of a payment whose references end in the number of a line: "46290475 - 1" is line 1 of 46290475. Five digits
   or more must come before the ending, or "2024-001" would be one too. #}
{% macro without_line_number(reference) -%}
regexp_replace({{ reference }}, '([0-9]{5}) ?[-_/.] ?[0-9]{1,3}$', '\1')
{%- endmacro %}

{% macro has_line_number(reference) -%}
regexp_matches({{ reference }}, '[0-9]{5} ?[-_/.] ?[0-9]{1,3}$')
{%- endmacro %}
