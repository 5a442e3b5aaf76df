-- What reviewers decided, and whether the group they named is still there: a group that changed has another id.
select
    reviews.group_id,
    reviews.status,
    reviews.reason,
    reviews.reviewed_on,
    case when groups.group_id is null then 'unknown_group' else 'applied' end as state
from {{ ref("stg_registry__duplicate_reviews") }} as reviews
left join {{ ref("mart_possible_duplicate_payments") }} as groups on reviews.group_id = groups.group_id
