{% set cell = [
    "place_code", "financial_year", "agency_slug", "service_code", "classification_grade", "method_grade",
    "capital_or_revenue", "expenditure_basis", "discretion"
] %}
-- Consolidated money attributed to themes. A partition divides each pound once (largest remainder, remainder
-- unthemed); a tag scheme rounds each theme by itself and does not add up.
with money as (
    select
        {{ cell | join(",\n        ") }},
        cast(sum(consolidated_pence) as hugeint) as money_pence
    from {{ ref("int_count__treated") }}
    group by all
    having sum(consolidated_pence) <> 0
),

numbered as (
    select
        *,
        row_number() over () as money_id
    from money
),

shares as (
    select
        numbered.*,
        themes.theme_scheme,
        themes.theme_code,
        themes.is_partition,
        themes.weight_units,
        themes.total_units,
        case
            when themes.is_partition then numbered.money_id || '/' || themes.theme_scheme
            else numbered.money_id || '/' || themes.theme_scheme || '/' || themes.theme_code
        end as share_group
    from numbered
    inner join {{ ref("int_count__service_themes") }} as themes
        on numbered.service_code is not distinct from themes.service_code
),

divided as (
    {{ largest_remainder(
        "(select * from shares where is_partition)", "share_group", "money_pence", "weight_units", "total_units",
        "theme_code"
    ) }}
),

tagged as (
    select
        * exclude (weight_units, total_units),
        case
            when weight_units = total_units and total_units > 0 then money_pence
            else sign(money_pence) * ((abs(money_pence) * weight_units + total_units // 2) // total_units)
        end as part_pence
    from shares
    where not is_partition
),

united as (
    select * exclude (weight_units, total_units)
    from divided
    union all by name
    select *
    from tagged
)

select
    {{ cell | join(",\n    ") }},
    theme_scheme,
    theme_code,
    is_partition,
    cast(part_pence as bigint) as attributed_pence
from united
where part_pence <> 0
