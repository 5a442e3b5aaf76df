-- What a person decided about a group of possible duplicate payments, the last decision of each. Who decided stays in
-- the registry file: a release names no person.
with added as (
    {{ registry_rows("duplicate_reviews", ["group_id", "status", "reason", "reviewed_on"]) }}
)

select
    group_id,
    status,
    reason,
    cast(reviewed_on as date) as reviewed_on
from added
where group_id is not null
