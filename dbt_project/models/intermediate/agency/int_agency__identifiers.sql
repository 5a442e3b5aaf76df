-- Identifiers that name one public body whoever writes them: a GSS code, or an organisation id with its register's
-- prefix (GB-NHS-RXR). A bare number is the payer's own supplier number and names nobody.
with agencies as (
    select
        case identifier_scheme
            when 'gss' then identifier
            when 'ods' then 'GB-NHS-' || identifier
            when 'govuk' then 'GB-GOR-' || identifier
        end as identifier_key,
        agency_slug,
        cast(null as varchar) as public_body_id
    from {{ ref("seed_agency_identifiers") }}
),

bodies as (
    select
        case identifier_scheme
            when 'gss' then identifier
            when 'ods' then 'GB-NHS-' || identifier
            when 'govuk' then 'GB-GOR-' || identifier
            when 'lae' then 'GB-LAE-' || identifier
            when 'pla' then 'GB-PLA-' || identifier
        end as identifier_key,
        agency_slug,
        public_body_id
    from {{ ref("stg_registry__public_bodies") }}
),

united as (
    select * from agencies
    union all
    select * from bodies
)

select
    upper(identifier_key) as identifier_key,
    min(agency_slug) as agency_slug,
    min(public_body_id) as public_body_id
from united
where identifier_key is not null
group by upper(identifier_key)
having count(distinct coalesce(agency_slug, public_body_id)) = 1
