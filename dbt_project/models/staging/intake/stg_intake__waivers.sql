select
    cast(waiver_id as varchar) as waiver_id,
    cast(return_id as varchar) as return_id,
    cast(revision_id as varchar) as revision_id,
    cast(file_name as varchar) as file_name,
    cast(rule_id as varchar) as rule_id,
    cast(sheet_name as varchar) as sheet_name,
    cast(row_number as integer) as row_number,
    cast(reason as varchar) as reason,
    cast(waived_at as timestamp) as waived_at,
    cast(revoked_at as timestamp) as revoked_at,
    cast(revoke_reason as varchar) as revoke_reason,
    cast(status as varchar) as status,
    cast(line_count as bigint) as line_count,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp
from {{ source('intake', 'waivers') }}
