-- A whole label comes before a word of it, and that before the name of the payee: better evidence first.
{{ classification_rules(
    ref("seed_purchase_rules"), "purchase_rules", "purchase_category",
    "coalesce(
        upper(grade),
        case when contains(field, 'payee_name') then 'C' when rule_kind = 'category' then 'A' else 'B' end
    )", "rule_grade", ["grade"]
) }}
