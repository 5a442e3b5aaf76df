-- Whom rules of classification tell apart: agencies and years that no rule distinguishes are one scope, and texts are
-- asked once for all of them. Most rules hold for types of agencies in every year.
with rules as (
    select
        agency_slug,
        valid_from_year,
        valid_to_year
    from {{ ref("stg_registry__service_rules") }}
    union all
    select
        agency_slug,
        valid_from_year,
        valid_to_year
    from {{ ref("stg_registry__purchase_rules") }}
),

own as (
    select distinct agency_slug
    from rules
    where agency_slug is not null
),

ledgers as (
    select distinct
        agency_slug,
        financial_year
    from {{ ref("int_flow__origins") }}
    where agency_slug is not null and financial_year is not null
),

-- A year is told from another by the rules that have begun, and those that have ended, by then.
told_apart as (
    select
        ledgers.agency_slug,
        ledgers.financial_year,
        agencies.agency_slug is not null as is_registered,
        agencies.agency_type,
        case
            when ledgers.agency_slug in (select own.agency_slug from own)
                then ledgers.agency_slug
        end as scope_agency,
        (
            select count(*) from (select distinct rules.valid_from_year from rules) as years
            where years.valid_from_year <= ledgers.financial_year
        ) as begun_count,
        (
            select count(*) from (select distinct rules.valid_to_year from rules) as years
            where years.valid_to_year < ledgers.financial_year
        ) as ended_count
    from ledgers
    left join {{ ref("stg_registry__agencies") }} as agencies on ledgers.agency_slug = agencies.agency_slug
)

select
    agency_slug,
    financial_year,
    hash(scope_agency, agency_type, is_registered, begun_count, ended_count) as scope_no,
    scope_agency,
    agency_type,
    is_registered,
    min(financial_year) over (
        partition by scope_agency, agency_type, is_registered, begun_count, ended_count
    ) as scope_year
from told_apart
