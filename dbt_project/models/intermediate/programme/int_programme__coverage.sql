-- What a total of a place and year rests on, in counts and in words: every table of the programme that shows a total
-- carries it.
with members as (
    select
        perimeter.place_code,
        perimeter.financial_year,
        {{ coverage_status("counting") }} as coverage_status
    from {{ ref("int_place__perimeter") }} as perimeter
    left join {{ ref("int_agency__counting_layer") }} as counting
        on perimeter.agency_slug = counting.agency_slug
            and perimeter.financial_year = counting.financial_year
),

counted as (
    select
        place_code,
        financial_year,
        coverage_status,
        count(*) as agency_count
    from members
    group by place_code, financial_year, coverage_status
)

select
    place_code,
    financial_year,
    cast(sum(agency_count) as bigint) as perimeter_agency_count,
    cast(coalesce(sum(agency_count) filter (where coverage_status = 'missing'), 0) as bigint) as missing_agency_count,
    string_agg(
        agency_count || ' ' || coverage_status, ', '
        order by
            case coverage_status when 'returned' then 1 when 'ledger_only' then 2 when 'estimated' then 3 else 4 end
    ) as coverage
from counted
group by place_code, financial_year
