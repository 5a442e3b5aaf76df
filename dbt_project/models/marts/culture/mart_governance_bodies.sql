-- Boards and partnerships of a place and who sits on them. A board that two publishers report under one name is one:
-- the later report stands.
with latest as (
    select
        *,
        count(*) over board as report_count
    from {{ ref("stg_governance_bodies__lines") }}
    where place_code is not null
    window board as (partition by place_code, financial_year, {{ normalised_name("coalesce(body_name, body_id)") }})
    qualify row_number() over (
            partition by place_code, financial_year, {{ normalised_name("coalesce(body_name, body_id)") }}
            order by published_as_at desc, publisher_slug asc, body_id asc, flow_id asc
        ) = 1
),

members as (
    select
        seats.flow_id,
        count(distinct seats.member_slug) as member_agency_count,
        {{ distinct_texts("agencies.agency_slug", "; ") }} as member_agencies
    from (
        select
            flow_id,
            trim(unnest(string_split(member_agencies, ';'))) as member_slug
        from latest
    ) as seats
    left join {{ ref("dim_agency") }} as agencies on seats.member_slug = agencies.agency_slug
    where seats.member_slug <> ''
    group by seats.flow_id
)

select
    latest.place_code,
    places.place_name,
    latest.financial_year,
    latest.publisher_slug,
    latest.body_id,
    case when not {{ names_a_person("latest.body_name") }} then latest.body_name end as body_name,
    cast(coalesce(members.member_agency_count, 0) as bigint) as member_agency_count,
    members.member_agencies,
    latest.third_sector_seats as third_sector_seat_count,
    latest.third_sector_seats > 0 as has_third_sector_seat,
    latest.decides_money,
    latest.start_date,
    latest.end_date,
    cast(latest.report_count as bigint) as report_count
from latest
left join members on latest.flow_id = members.flow_id
left join {{ ref("dim_place") }} as places on latest.place_code = places.place_code
