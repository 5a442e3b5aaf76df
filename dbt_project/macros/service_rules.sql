{# Rules of classification over labels and words: what a line is for (service rules) and what is bought (purchase rules) are read by
   the same macros, each from its own relation of rules in the order of `rule_order`. #}

{# The rules in the order in which they are tried: shipped rows and those of the folder, the folder's own first, then by `order_first`
   (a column), then the narrower body, then priority. `decided` is the column that says what a rule decides, `grades` the
   expression of its grade. #}
{% macro classification_rules(seed, table_name, decided, grades, order_first, more_columns=[]) -%}
{%- set columns = [
    "rule_id", "rule_kind", "agency_type", "agency_slug", "field", "words", decided, "priority",
    "valid_from_year", "valid_to_year", "reason"
] -%}
{{ extended_rows(seed, table_name, columns + more_columns, ["rule_id"]) }},

-- A place's own rules need no id and no priority: they are taken in the order of their content.
named as (
    select
        * replace (
            coalesce(
                rule_id,
                'registry_' || lpad(
                    cast(row_number() over (
                        partition by is_extension, rule_id is null
                        order by agency_slug, agency_type, rule_kind, field, words, {{ decided }}, valid_from_year
                    ) as varchar), 3, '0'
                )
            ) as rule_id,
            coalesce(rule_kind, 'keyword') as rule_kind,
            cast(priority as integer) as priority
        ),
        {{ grades }} as rule_grade,
        -- The narrower the body it speaks of, the earlier it comes.
        case when agency_slug is not null then 1 when agency_type is not null then 2 else 3 end as scope_rank
    from united
)

select
    rule_id,
    rule_kind,
    rule_grade as grade,
    agency_type,
    agency_slug,
    field,
    words,
    {{ decided }},
    priority,
    scope_rank,
    valid_from_year,
    valid_to_year,
    reason,
    is_extension,
    cast(row_number() over (
        order by
            is_extension desc, {{ order_first }} asc, scope_rank asc, priority asc nulls last, rule_id asc
    ) as integer) as rule_order
from named
{%- endmacro %}

{# The rules as one CASE in the order of `rule_order`: the first that fits gives its order. As with the transfer rules the
   words are read while the model is compiled: a pattern that is a column is compiled again for every row. `fields` are the columns
   at hand; a rule that names none of them is left out. The relation must also have the `label_keys` of the fields, `agency_slug`, `agency_type` and
   `financial_year`. #}
{% macro service_rule_case(rules_relation, fields) -%}
{%- set rules = service_rules_on(rules_relation, fields) -%}
{%- if rules -%}
case
    {%- for rule in rules %}
    when {{ rule.scope }}({{ rule.conditions | join(" or ") }}) then {{ rule.order }}
    {%- endfor %}
end
{%- else -%}
cast(null as integer)
{%- endif -%}
{%- endmacro %}

{# Any word of any keyword rule in any of the fields, whoever it is scoped to: one pass that lets most texts go. Several relations of
   rules are looked for in the one pass. #}
{% macro has_service_words(rules_relations, fields) -%}
{%- set found = [] -%}
{%- for field in fields -%}
    {%- set patterns = [] -%}
    {%- for rules_relation in rules_relations -%}
        {%- for rule in service_rules_on(rules_relation, [field]) -%}
            {%- do patterns.append("(?:" ~ rule.words ~ ")") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if patterns -%}
        {%- do found.append("regexp_matches(" ~ field ~ ", " ~ quoted(patterns | unique | join("|")) ~ ", 'i')") -%}
    {%- endif -%}
{%- endfor -%}
{%- if found -%}({{ found | join(" or ") }}){%- else -%}false{%- endif -%}
{%- endmacro %}

{# Whether an agency has any rule on the field at all; false spares its texts the look. `relation` has agency_slug and agency_type. #}
{% macro has_service_rules(rules_relations, field, relation) -%}
{%- set scopes = [] -%}
{%- for rules_relation in rules_relations -%}
    {%- for rule in service_rules_on(rules_relation, [field], relation ~ ".") -%}
        {%- do scopes.append("(" ~ rule.body ~ ")") -%}
    {%- endfor -%}
{%- endfor -%}
{%- if scopes -%}({{ scopes | unique | join(" or ") }}){%- else -%}false{%- endif -%}
{%- endmacro %}

{# The rules that name one of the fields, in order: body (whose rule it is) and scope (body and years) as SQL, conditions as SQL,
   words as a pattern, order. #}
{% macro service_rules_on(rules_relation, fields, prefix="") -%}
{%- set rules = [] -%}
{%- if execute and load_relation(rules_relation) is not none -%}
    {%- set rows = run_query(
        "select rule_kind, agency_slug, agency_type, field, words, valid_from_year, valid_to_year, rule_order from "
        ~ rules_relation ~ " order by rule_order"
    ) -%}
    {%- for row in rows.rows -%}
        {%- set scope = [] -%}
        {%- if row[1] -%}{%- do scope.append(prefix ~ "agency_slug = " ~ quoted(row[1])) -%}{%- endif -%}
        {%- if row[2] -%}{%- do scope.append(prefix ~ "agency_type in (" ~ quoted_list(row[2].split(";")) ~ ")") -%}{%- endif -%}
        {%- set body = scope | join(" and ") or "true" -%}
        {%- if row[5] -%}{%- do scope.append("financial_year >= " ~ quoted(row[5])) -%}{%- endif -%}
        {%- if row[6] -%}{%- do scope.append("financial_year <= " ~ quoted(row[6])) -%}{%- endif -%}
        {%- set conditions = [] -%}
        {%- for field in row[3].split(";") if field in fields -%}
            {%- if row[0] == "category" -%}
                {%- do conditions.append(field ~ "_key in (" ~ quoted_list(row[4].lower().split("|")) ~ ")") -%}
            {%- else -%}
                {%- do conditions.append("regexp_matches(" ~ field ~ ", " ~ quoted(row[4]) ~ ", 'i')") -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if conditions -%}
            {%- do rules.append({
                "body": body, "scope": (scope | join(" and ")) ~ (" and " if scope else ""),
                "conditions": conditions, "order": row[7],
                "words": row[4] if row[0] == "keyword" else modules.re.escape(row[4]).replace("\\|", "|"),
            }) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endif -%}
{{ return(rules) }}
{%- endmacro %}

{# The columns that categories are compared with, one for each field: without case, runs of spaces as one. #}
{% macro label_keys(fields) -%}
{%- for field in fields -%}
lower(regexp_replace(trim({{ field }}), '\s+', ' ', 'g')) as {{ field }}_key{{ ",\n        " if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{% macro quoted_list(texts) -%}
{%- for text in texts -%}{{ quoted(text | trim) }}{{ ", " if not loop.last }}{%- endfor -%}
{%- endmacro %}
