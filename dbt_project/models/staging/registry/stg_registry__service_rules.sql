{% set columns = [
    "rule_id", "rule_kind", "agency_type", "agency_slug", "field", "words", "service_code", "priority",
    "valid_from_year", "valid_to_year", "reason"
] %}
{{ extended_rows(ref("seed_service_rules"), "service_rules", columns, ["rule_id"]) }},

-- A place's own rules need no id and no priority: they are taken in the order of their content.
named as (
    select
        * replace (
            coalesce(
                rule_id,
                'registry_' || lpad(
                    cast(row_number() over (
                        partition by is_extension, rule_id is null
                        order by agency_slug, agency_type, rule_kind, field, words, service_code, valid_from_year
                    ) as varchar), 3, '0'
                )
            ) as rule_id,
            coalesce(rule_kind, 'keyword') as rule_kind,
            cast(priority as integer) as priority
        ),
        -- The narrower the body it speaks of, the earlier it comes.
        case when agency_slug is not null then 1 when agency_type is not null then 2 else 3 end as scope_rank
    from united
)

select
    rule_id,
    rule_kind,
    case rule_kind when 'category' then 'mapped' else 'keyword' end as grade,
    agency_type,
    agency_slug,
    field,
    words,
    service_code,
    priority,
    scope_rank,
    valid_from_year,
    valid_to_year,
    reason,
    is_extension,
    cast(row_number() over (
        order by is_extension desc, rule_kind asc, scope_rank asc, priority asc nulls last, rule_id asc
    ) as integer) as rule_order
from named
