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
   `financial_year`. The texts are put together by the
   database: hundreds of rules are slow to write out in a template. Labels and types are lists: each IN of a case
   becomes a join of its own, with its memory (160 of them took 0.65 s whatever the rows). #}
{% macro service_rule_case(rules_relation, fields) -%}
{{ service_rule_text(
    [rules_relation], fields,
    "'case ' || string_agg('when ' || scope || '(' || conditions || ') then ' || rule_order, ' ' order by rule_order) || ' end'",
    "cast(null as integer)"
) }}
{%- endmacro %}

{# Any word of any keyword rule in any of the fields, whoever it is scoped to: one pass that lets most texts go. `rules_relations`:
   one relation of rules, or several that are looked for in the one pass. #}
{% macro has_service_words(rules_relations, fields) -%}
(
    {%- for field in fields %}
    {{ "or " if not loop.first }}{{ service_rule_text(
        rules_relations, [field],
        "'regexp_matches(" ~ field ~ ", ''' || replace(string_agg(distinct '(?:' || pattern || ')', '|' order by '(?:' || pattern || ')'),"
        ~ " '''', '''''') || ''', ''i'')'",
        "false"
    ) }}
    {%- endfor %}
)
{%- endmacro %}

{# Whether an agency has any rule on the field at all; false spares its texts the look. `relation` has agency_slug and agency_type. #}
{% macro has_service_rules(rules_relations, field, relation) -%}
{{ service_rule_text(
    rules_relations, [field],
    "'(' || string_agg(distinct '(' || body || ')', ' or ' order by '(' || body || ')') || ')'",
    "false", relation ~ "."
) }}
{%- endmacro %}

{# Whether a scope has any rule on the field: a rule that speaks of an agency alone speaks of its scope. #}
{% macro has_scope_rules(rules, field) -%}
{{ has_service_rules(rules, field, "scopes") | replace("scopes.agency_slug", "scopes.scope_agency") }}
{%- endmacro %}

{# A text made of the rules that name one of the fields, `otherwise` when there is none. `expression` aggregates: rule_order, body
   (whose rule it is) and scope (body and years) as SQL, conditions as SQL, pattern (its words). #}
{% macro service_rule_text(rules_relations, fields, expression, otherwise, prefix="") -%}
{%- set relations = [rules_relations] if rules_relations is not sequence or rules_relations.identifier is defined else rules_relations -%}
{%- set found = namespace(text=none, selects=[]) -%}
{%- if execute -%}
    {%- for relation in relations if load_relation(relation) is not none -%}
        {%- do found.selects.append(
            "select rule_kind, agency_slug, agency_type, field, words, valid_from_year, valid_to_year, rule_order, " ~ loop.index ~ " as relation_no from " ~ relation
        ) -%}
    {%- endfor -%}
    {%- if found.selects -%}
        {%- set query -%}
with rules as (
    {{ found.selects | join(" union all ") }}
),

named as (
    select
        rules.*,
        unnest(string_split(field, ';')) as one_field,
        generate_subscripts(string_split(field, ';'), 1) as field_place,
        case when agency_slug is not null then '{{ prefix }}agency_slug = ' || {{ sql_quoted("agency_slug") }} end as of_agency,
        case
            when agency_type is not null
                then 'list_contains(['
                    || list_aggregate([{{ sql_quoted("trim(x)") }} for x in string_split(agency_type, ';')], 'string_agg', ', ')
                    || '], {{ prefix }}agency_type)'
        end as of_type
    from rules
),

conditioned as (
    select
        rule_order,
        relation_no,
        concat_ws(' and ', of_agency, of_type) as body,
        concat_ws(
            ' and ', of_agency, of_type,
            'financial_year >= ' || {{ sql_quoted("valid_from_year") }}, 'financial_year <= ' || {{ sql_quoted("valid_to_year") }}
        ) as scope,
        case when rule_kind = 'keyword' then words else replace(regexp_escape(words), '\|', '|') end as pattern,
        field_place,
        case
            when rule_kind = 'category'
                then 'list_contains(['
                    || list_aggregate(
                        [{{ sql_quoted("trim(x)") }} for x in string_split(lower(words), '|')], 'string_agg', ', '
                    ) || '], ' || one_field || '_key)'
            else 'regexp_matches(' || one_field || ', ' || {{ sql_quoted("words") }} || ', ''i'')'
        end as condition
    from named
    where one_field in ({{ quoted_list(fields) }})
),

ready as (
    select
        rule_order,
        coalesce(nullif(any_value(body), ''), 'true') as body,
        case when any_value(scope) = '' then '' else any_value(scope) || ' and ' end as scope,
        any_value(pattern) as pattern,
        string_agg(condition, ' or ' order by field_place) as conditions
    from conditioned
    group by relation_no, rule_order
)

select {{ expression }} from ready
        {%- endset -%}
        {%- set found.text = run_query(query).rows[0][0] -%}
    {%- endif -%}
{%- endif -%}
{{ found.text if found.text is not none else otherwise }}
{%- endmacro %}

{# A text as an SQL literal, written by SQL. #}
{% macro sql_quoted(expression) -%}
'''' || replace({{ expression }}, '''', '''''') || ''''
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
