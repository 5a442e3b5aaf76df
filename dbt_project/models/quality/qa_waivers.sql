select
    waiver_id,
    return_id,
    revision_id,
    file_name,
    rule_id,
    sheet_name,
    row_number,
    reason,
    waived_at,
    revoked_at,
    revoke_reason,
    status,
    line_count,
    amount_gbp
from {{ ref("stg_intake__waivers") }}
