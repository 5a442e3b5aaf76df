{# The transfer rules as one CASE over constant patterns, first match wins. The patterns are read from the rule table
   while the model is compiled: a pattern that is a column is compiled again for every row (a hundred times slower). #}
{% macro transfer_rule_case(rules_relation, fields) -%}
{%- set found = [] -%}
{%- if execute and load_relation(rules_relation) is not none -%}
    {%- set rows = run_query(
        "select rule_id, agency_slug, field, pattern, payee_pattern from " ~ rules_relation
        ~ " order by rule_order"
    ) -%}
    {%- for row in rows.rows -%}{%- do found.append(row) -%}{%- endfor -%}
{%- endif -%}
{%- if found -%}
case
    {%- for rule in found %}
    {%- if rule[2] not in fields -%}
        {{ exceptions.raise_compiler_error(
            "transfer rule " ~ rule[0] ~ " names the field '" ~ rule[2] ~ "'; known fields: " ~ fields | join(", ")
        ) }}
    {%- endif %}
    when
        {% if rule[1] %}agency_slug = {{ quoted(rule[1]) }} and {% endif -%}
        regexp_matches({{ rule[2] }}, {{ quoted(rule[3]) }}, 'i')
        {%- if rule[4] %} and regexp_matches(payee_name, {{ quoted(rule[4]) }}, 'i'){% endif %}
        then {{ quoted(rule[0]) }}
    {%- endfor %}
end
{%- else -%}
cast(null as varchar)
{%- endif -%}
{%- endmacro %}

{# Whether any rule may fit: one pattern a field. Most lines fit none, and are told so at a fraction of the price of the CASE. #}
{% macro may_fit_a_transfer_rule(rules_relation, fields) -%}
{%- set patterns = {} -%}
{%- if execute and load_relation(rules_relation) is not none -%}
    {%- set rows = run_query("select field, pattern from " ~ rules_relation ~ " order by rule_order") -%}
    {%- for row in rows.rows if row[0] in fields -%}
        {%- do patterns.setdefault(row[0], []).append("(?:" ~ row[1] ~ ")") -%}
    {%- endfor -%}
{%- endif -%}
(
    {%- for field in patterns %}
    {{ "or " if not loop.first }}regexp_matches({{ field }}, {{ quoted(patterns[field] | join("|")) }}, 'i')
    {%- else %}
    false
    {%- endfor %}
)
{%- endmacro %}

{% macro quoted(text) -%}
'{{ text | replace("'", "''") }}'
{%- endmacro %}

{# The whole-name redaction patterns of one class as one constant pattern (NULL: none). #}
{% macro redaction_pattern(words_relation, payee_class) -%}
{%- set patterns = [] -%}
{%- if execute and load_relation(words_relation) is not none -%}
    {%- set rows = run_query(
        "select pattern from " ~ words_relation ~ " where payee_class = " ~ quoted(payee_class) ~ " order by pattern"
    ) -%}
    {%- for row in rows.rows -%}{%- do patterns.append("(?:" ~ row[0] ~ ")") -%}{%- endfor -%}
{%- endif -%}
{%- if patterns -%}{{ quoted(patterns | join("|")) }}{%- else -%}cast(null as varchar){%- endif -%}
{%- endmacro %}
