{{ classification_rules(
    ref("seed_service_rules"), "service_rules", "service_code",
    "case coalesce(rule_kind, 'keyword') when 'category' then 'mapped' else 'keyword' end", "rule_kind"
) }}
