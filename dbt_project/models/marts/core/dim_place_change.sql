select
    changes.from_place_code,
    earlier.place_name as from_place_name,
    changes.to_place_code,
    later.place_name as to_place_name,
    changes.change_kind,
    changes.change_date,
    changes.weight,
    changes.weight_basis,
    changes.vintage,
    changes.source
from {{ ref("stg_registry__place_changes") }} as changes
left join {{ ref("stg_registry__places") }} as earlier on changes.from_place_code = earlier.place_code
left join {{ ref("stg_registry__places") }} as later on changes.to_place_code = later.place_code
