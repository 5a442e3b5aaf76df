-- What public bodies buy, on two levels, and what looks like buying and is not.
select
    purchase_category,
    category_name,
    string_split(purchase_category, '.')[1] as branch_code,
    cast(len(string_split(purchase_category, '.')) as integer) as code_level,
    is_purchase
from {{ ref("seed_purchase_categories") }}
