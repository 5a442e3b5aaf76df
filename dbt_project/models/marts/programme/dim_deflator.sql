-- The GDP deflator by financial year, a vintage whole: two vintages are never mixed in one sum. A year of a quarterly
-- vintage is the mean of its quarters, NULL with the reason when one lacks; a yearly one is as published.
with quarters as (
    select
        strftime(release_date, '%Y-%m-%d') as deflator_vintage,
        case when quarter_number = 1 then calendar_year - 1 else calendar_year end as start_year,
        quarter,
        index_value,
        base,
        series
    from {{ ref("stg_registry__deflators") }}
),

years as (
    select
        deflator_vintage,
        start_year || '-' || right(cast(start_year + 1 as varchar), 2) as financial_year,
        count(distinct quarter) as quarter_count,
        avg(index_value) as mean_index,
        'ONS series ' || min(series) || ', ' || min(base) as source
    from quarters
    group by deflator_vintage, start_year
)

select
    deflator_vintage,
    financial_year,
    cast(case when quarter_count = 4 then mean_index end as double) as deflator_index,
    case
        when quarter_count < 4
            then 'the deflator has ' || quarter_count || ' of the four quarters of ' || financial_year
    end as deflator_reason,
    false as is_price_base,
    source
from years
union all
select
    deflator_vintage,
    financial_year,
    cast(index_value as double) as deflator_index,
    cast(null as varchar) as deflator_reason,
    is_price_base,
    source
from {{ ref("stg_registry__deflator_years") }}
