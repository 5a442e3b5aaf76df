select
    enabler_word,
    enabler_type,
    note
from {{ ref("seed_enabler_types") }}
