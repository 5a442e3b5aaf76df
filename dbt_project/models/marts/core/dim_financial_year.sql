-- Every year the money or the deflator speaks of. A year's deflator is the mean of its four quarters, NULL when one
-- lacks.
with years as (
    select distinct financial_year
    from {{ ref("int_flow__sums") }}
    union
    select financial_year
    from {{ ref("stg_registry__population_stand_ins") }}
),

quarters as (
    select
        case when quarter_number = 1 then calendar_year - 1 else calendar_year end as start_year,
        quarter,
        index_value,
        release_date
    from {{ ref("stg_registry__deflators") }}
),

deflators as (
    select
        start_year,
        count(distinct quarter) as quarter_count,
        avg(index_value) as mean_index,
        max(release_date) as deflator_vintage
    from quarters
    group by start_year
)

select
    years.financial_year,
    {{ year_start("years.financial_year") }} as start_date,
    {{ year_end("years.financial_year") }} as end_date,
    cast(case when deflators.quarter_count = 4 then deflators.mean_index end as double) as deflator_index,
    cast(coalesce(deflators.quarter_count, 0) as integer) as deflator_quarter_count,
    deflators.deflator_vintage,
    case
        when coalesce(deflators.quarter_count, 0) < 4 then
            'the deflator has '
            || coalesce(deflators.quarter_count, 0)
            || ' of the four quarters of '
            || years.financial_year
    end as deflator_reason
from years
left join deflators on cast(left(years.financial_year, 4) as integer) = deflators.start_year
