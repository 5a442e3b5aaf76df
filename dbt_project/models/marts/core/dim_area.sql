select
    area_code,
    area_name,
    coalesce(area_kind, 'registry') as area_kind,
    place_code,
    valid_from,
    valid_to,
    coalesce(source, 'registry of the returns folder') as source
from {{ ref("stg_registry__areas") }}
