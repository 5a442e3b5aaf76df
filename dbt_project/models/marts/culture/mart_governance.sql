-- How a place governs itself: boards with a third-sector seat, and what became of what it asked of others. What is
-- asked is free text and is not published.
with boards as (
    select
        place_code,
        financial_year,
        count(*) as board_count,
        count(*) filter (where third_sector_seat_count is not null) as board_known_seats_count,
        count(*) filter (where has_third_sector_seat) as board_with_third_sector_seat_count,
        count(*) filter (where decides_money) as board_deciding_money_count,
        count(*) filter (where decides_money and has_third_sector_seat)
            as board_deciding_money_with_third_sector_seat_count
    from {{ ref("mart_governance_bodies") }}
    group by place_code, financial_year
),

asks as (
    select
        place_code,
        financial_year,
        count(*) as ask_count,
        count(answered_date) as answered_count,
        median(date_diff('day', asked_date, answered_date)) as median_days_to_answer
    from {{ ref("stg_asks__lines") }}
    where place_code is not null
    group by place_code, financial_year
),

united as (
    select
        coalesce(boards.place_code, asks.place_code) as place_code,
        coalesce(boards.financial_year, asks.financial_year) as financial_year,
        boards.* exclude (place_code, financial_year),
        asks.* exclude (place_code, financial_year)
    from boards
    full outer join asks
        on boards.place_code = asks.place_code
            and boards.financial_year = asks.financial_year
)

select
    united.place_code,
    places.place_name,
    united.financial_year,
    cast(coalesce(united.board_count, 0) as bigint) as board_count,
    cast(coalesce(united.board_known_seats_count, 0) as bigint) as board_known_seats_count,
    cast(coalesce(united.board_with_third_sector_seat_count, 0) as bigint) as board_with_third_sector_seat_count,
    united.board_with_third_sector_seat_count / nullif(united.board_known_seats_count, 0) as third_sector_seat_share,
    cast(coalesce(united.board_deciding_money_count, 0) as bigint) as board_deciding_money_count,
    cast(coalesce(united.board_deciding_money_with_third_sector_seat_count, 0) as bigint)
        as board_deciding_money_with_third_sector_seat_count,
    cast(coalesce(united.ask_count, 0) as bigint) as ask_count,
    cast(coalesce(united.answered_count, 0) as bigint) as answered_count,
    united.answered_count / nullif(united.ask_count, 0) as answered_share,
    united.median_days_to_answer
from united
left join {{ ref("dim_place") }} as places on united.place_code = places.place_code
