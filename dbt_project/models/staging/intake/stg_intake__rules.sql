select
    cast(rule_id as varchar) as rule_id,
    cast(kinds as varchar) as kinds,
    cast(grain as varchar) as grain,
    cast(severity as varchar) as severity,
    cast(owner as varchar) as owner,
    cast(sentence as varchar) as sentence,
    cast(is_of_folder as boolean) as is_of_folder
from {{ source('intake', 'rules') }}
