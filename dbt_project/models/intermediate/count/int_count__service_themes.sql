-- The themes of every service code in use, scheme by scheme: the rows of the code itself or of its nearest ancestor
-- that has any. Integer units; what a partition leaves over is `unthemed`.
{% set whole = "1000000000000" %}
with codes as (
    select distinct service_code
    from {{ ref("int_place__allocated") }}
    where flow = 'outlay'
),

schemes as (
    select
        theme_scheme,
        bool_and(is_partition) as is_partition
    from {{ ref("stg_registry__themes") }}
    group by theme_scheme
),

nearest as (
    select
        codes.service_code,
        bridge.theme_scheme,
        max(len(bridge.service_code)) as matched_length
    from codes
    inner join {{ ref("stg_registry__service_themes") }} as bridge
        on codes.service_code = bridge.service_code
            or starts_with(codes.service_code, bridge.service_code || '.')
    group by codes.service_code, bridge.theme_scheme
),

themed as (
    select
        nearest.service_code,
        nearest.theme_scheme,
        bridge.theme_code,
        cast(bridge.weight * {{ whole }} as hugeint) as weight_units
    from nearest
    inner join {{ ref("stg_registry__service_themes") }} as bridge
        on nearest.theme_scheme = bridge.theme_scheme
            and bridge.service_code = left(nearest.service_code, nearest.matched_length)
),

unthemed as (
    select
        codes.service_code,
        schemes.theme_scheme,
        'unthemed' as theme_code,
        case
            when schemes.is_partition
                then greatest(cast({{ whole }} as hugeint) - coalesce(sum(themed.weight_units), 0), 0)
            -- A tag scheme has no remainder: unthemed is what carries no tag at all.
            when count(themed.theme_code) = 0 then {{ whole }}
            else 0
        end as weight_units
    from codes
    cross join schemes
    left join themed
        on schemes.theme_scheme = themed.theme_scheme
            and codes.service_code = themed.service_code
    group by codes.service_code, schemes.theme_scheme, schemes.is_partition
),

united as (
    select * from themed
    union all by name
    select * from unthemed
)

select
    united.service_code,
    united.theme_scheme,
    united.theme_code,
    schemes.is_partition,
    cast(united.weight_units as hugeint) as weight_units,
    cast(
        case
            when schemes.is_partition
                then sum(united.weight_units) over (partition by united.service_code, united.theme_scheme)
            else {{ whole }}
        end as hugeint
    ) as total_units
from united
inner join schemes on united.theme_scheme = schemes.theme_scheme
where united.weight_units > 0
