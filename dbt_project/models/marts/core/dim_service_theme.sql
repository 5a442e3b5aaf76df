-- Which themes a service belongs to, with what weight and why. A code without rows takes those of its nearest
-- ancestor; what a partition leaves over is `unthemed`.
select
    bridge.theme_scheme,
    bridge.service_code,
    bridge.theme_code,
    cast(bridge.weight as double) as weight,
    themes.is_partition as is_additive,
    bridge.reason,
    bridge.is_extension
from {{ ref("stg_registry__service_themes") }} as bridge
inner join {{ ref("stg_registry__themes") }} as themes
    on bridge.theme_scheme = themes.theme_scheme and bridge.theme_code = themes.theme_code
