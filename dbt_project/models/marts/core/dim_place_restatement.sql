-- The key to restate any table of places: multiply by the share. Money of a mart is divided to the penny in
-- mart_spend_by_place_restated.
select
    geography,
    place_code,
    restated_place_code,
    cast(weight_units as double) / cast(total_units as double) as share,
    restated_by,
    restated_vintage
from {{ ref("int_place__restatements") }}
