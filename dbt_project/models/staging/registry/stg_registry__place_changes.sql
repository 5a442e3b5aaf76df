select
    from_place_code,
    to_place_code,
    change_kind,
    cast(change_date as date) as change_date,
    cast(weight as decimal(18, 12)) as weight,
    weight_basis,
    vintage,
    source
from {{ ref("seed_place_changes") }}
