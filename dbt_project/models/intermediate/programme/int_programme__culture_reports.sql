-- Barrier and enabler reports in one shape. Owner and evidence are kept as yes or no: both are words people write.
with reports as (
    select
        flow_id,
        'barrier' as report_kind,
        place_code,
        financial_year,
        respondent_agency,
        barrier_type as reported_type,
        theme_code,
        severity as score,
        status,
        owner,
        raised_date,
        resolved_date,
        evidence_url
    from {{ ref("stg_culture_barriers__lines") }}
    union all
    select
        lines.flow_id,
        'enabler' as report_kind,
        lines.place_code,
        lines.financial_year,
        lines.respondent_agency,
        coalesce(words.enabler_type, 'other') as reported_type,
        lines.theme_code,
        lines.effect as score,
        lines.status,
        lines.owner,
        lines.raised_date,
        lines.resolved_date,
        lines.evidence_url
    from {{ ref("stg_culture_enablers__lines") }} as lines
    left join {{ ref("stg_registry__enabler_types") }} as words
        on trim(regexp_replace(lower(lines.enabler_type), '[^a-z0-9]+', ' ', 'g')) = words.enabler_word
)

select
    reports.flow_id,
    reports.report_kind,
    reports.place_code,
    reports.financial_year,
    reports.respondent_agency,
    {{ agency_side("agencies.agency_type") }} as respondent_side,
    reports.reported_type,
    reports.theme_code,
    reports.score,
    reports.status,
    reports.owner is not null as has_owner,
    reports.evidence_url is not null as has_evidence,
    case when reports.status = 'lifted' then date_diff('day', reports.raised_date, reports.resolved_date) end
        as days_to_lift
from reports
left join {{ ref("stg_registry__agencies") }} as agencies on reports.respondent_agency = agencies.agency_slug
where reports.place_code is not null and reports.respondent_agency is not null
