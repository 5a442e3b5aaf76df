select
    pattern,
    payee_class
from {{ ref("seed_redaction_words") }}
