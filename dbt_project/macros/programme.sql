{# What the programme's tables decide in more than one place. #}

{# Words in or before a name that say a person is meant. A name that holds one is not shown. #}
{% macro names_a_person(name) -%}
{%- set titles = ["MR", "MRS", "MS", "MISS", "MX", "MESSRS", "DR", "DOCTOR", "PROF", "PROFESSOR", "REV", "REVD",
    "REVEREND", "SIR", "DAME", "LORD", "LADY", "CLLR", "COUNCILLOR", "ESQ", "TRADING AS", "T\\s*/\\s*AS?", "C\\s*/\\s*O"] -%}
regexp_matches({{ name }}, '\b({{ titles | join("|") }})\b', 'i')
{%- endmacro %}

{# Whether an agency answers from inside the place or for the centre. #}
{% macro agency_side(agency_type) -%}
case
    when {{ agency_type }} in ('central_department', 'dwp', 'justice', 'skills', 'arms_length_body', 'lottery') then 'central'
    when {{ agency_type }} is not null then 'local'
end
{%- endmacro %}

{# The one basis of several rows, or that they are mixed. Used inside a group by. #}
{% macro basis_of(column) -%}
case when count(distinct {{ column }}) > 1 then 'mixed basis' else min({{ column }}) end
{%- endmacro %}

{# The partition scheme by which the programme's tables divide money: the shipped one, else the first. #}
{% macro programme_scheme() -%}
(
    select theme_scheme
    from {{ ref("stg_registry__themes") }}
    where is_partition
    order by theme_scheme <> 'total_place', theme_scheme
    limit 1
)
{%- endmacro %}

{# The number in an identifier of a charity register as org-id.guide writes it (GB-CHC-, GB-SC-, GB-NIC-), else NULL.
   Numbers of Northern Ireland keep their NIC, so that they are not read as numbers of England and Wales. #}
{% macro charity_number(identifier) -%}
nullif(
    regexp_extract(
        regexp_replace(upper({{ identifier }}), '^GB-NIC-(NIC)?', 'GB-NIC-NIC'), '^GB-(?:CHC|SC|NIC)-(.+)$', 1
    ),
    ''
)
{%- endmacro %}
