-- The themes of every scheme, and the remainder each scheme leaves.
with schemes as (
    select
        theme_scheme,
        bool_and(is_partition) as is_partition,
        max(sort_order) + 1 as sort_order
    from {{ ref("stg_registry__themes") }}
    group by theme_scheme
)

select
    theme_scheme,
    theme_code,
    theme_name,
    is_partition,
    is_partition as is_additive,
    sort_order
from {{ ref("stg_registry__themes") }}
union all
select
    theme_scheme,
    'unthemed' as theme_code,
    'Not attributed to a theme' as theme_name,
    is_partition,
    is_partition as is_additive,
    sort_order
from schemes
