{# Prevalence, perception gap and handling of one kind of report (`barrier` or `enabler`), a row for each place, year
   and type. A respondent counts once for a type, with its strongest score. Sides with fewer than three respondents are
   not shown apart: two answers would be two known bodies. #}
{% macro culture_measures(report_kind) -%}
{%- set shown = "(answered.local_respondent_count >= 3 and answered.central_respondent_count >= 3)" -%}
{%- set named = "(measured.local_named_by_count >= 3 and measured.central_named_by_count >= 3)" -%}
with answered as (
    select
        place_code,
        financial_year,
        count(distinct respondent_agency) as respondent_count,
        count(distinct respondent_agency) filter (where respondent_side = 'local') as local_respondent_count,
        count(distinct respondent_agency) filter (where respondent_side = 'central') as central_respondent_count
    from {{ ref("int_programme__culture_reports") }}
    group by place_code, financial_year
),

served as (
    select
        place_code,
        financial_year,
        agency_slug,
        true as is_serving
    from {{ ref("int_agency__places_served") }}
    union all
    select
        place_code,
        financial_year,
        respondent_agency as agency_slug,
        false as is_serving
    from {{ ref("int_programme__culture_reports") }}
),

asked as (
    select
        place_code,
        financial_year,
        count(distinct agency_slug) as asked_agency_count
    from served
    group by place_code, financial_year
    having bool_or(is_serving)
),

by_respondent as (
    select
        place_code,
        financial_year,
        reported_type,
        respondent_agency,
        respondent_side,
        max(score) as score
    from {{ ref("int_programme__culture_reports") }}
    where report_kind = '{{ report_kind }}'
    group by place_code, financial_year, reported_type, respondent_agency, respondent_side
),

measured as (
    select
        place_code,
        financial_year,
        reported_type,
        count(*) as named_by_count,
        count(*) filter (where respondent_side = 'local') as local_named_by_count,
        count(*) filter (where respondent_side = 'central') as central_named_by_count,
        avg(score) as mean_score,
        avg(score) filter (where respondent_side = 'local') as local_mean_score,
        avg(score) filter (where respondent_side = 'central') as central_mean_score
    from by_respondent
    group by place_code, financial_year, reported_type
),

handled as (
    select
        place_code,
        financial_year,
        reported_type,
        count(*) as report_count,
        count(*) filter (where status = 'lifted') as lifted_count,
        count(*) filter (where status = 'declined') as declined_count,
        count(*) filter (where not has_owner) as without_owner_count,
        count(*) filter (where has_evidence) as evidenced_count,
        median(days_to_lift) as median_days_to_lift
    from {{ ref("int_programme__culture_reports") }}
    where report_kind = '{{ report_kind }}'
    group by place_code, financial_year, reported_type
),

measures as (
    select
        measured.*,
        handled.* exclude (place_code, financial_year, reported_type),
        answered.* exclude (place_code, financial_year),
        asked.asked_agency_count,
        answered.respondent_count / asked.asked_agency_count as response_rate,
        measured.named_by_count / answered.respondent_count as prevalence,
        case when {{ shown }} then local_named_by_count / local_respondent_count end as local_prevalence,
        case when {{ shown }} then central_named_by_count / central_respondent_count end as central_prevalence,
        case when {{ named }} then local_mean_score - central_mean_score end as score_gap,
        case
            when not {{ shown }}
                then 'suppressed: ' || local_respondent_count || ' local and ' || central_respondent_count
                || ' central respondents; three of each are needed'
        end as perception_gap_reason,
        case
            when not {{ named }}
                then 'suppressed: named by fewer than three local or fewer than three central respondents'
        end as score_gap_reason,
        handled.declined_count / handled.report_count as declined_share,
        handled.without_owner_count / handled.report_count as without_owner_share
    from measured
    inner join handled
        on measured.place_code = handled.place_code
            and measured.financial_year = handled.financial_year
            and measured.reported_type = handled.reported_type
    inner join answered
        on measured.place_code = answered.place_code
            and measured.financial_year = answered.financial_year
    left join asked
        on measured.place_code = asked.place_code
            and measured.financial_year = asked.financial_year
)
{%- endmacro %}

{# The columns of the measures as both tables publish them. #}
{% macro culture_measure_columns(score) -%}
measures.report_count,
    measures.respondent_count,
    measures.asked_agency_count,
    measures.response_rate,
    case when measures.response_rate is null then 'which agencies serve the place that year is not known' end
        as response_rate_reason,
    measures.named_by_count,
    measures.prevalence,
    measures.mean_score as mean_{{ score }},
    measures.local_respondent_count,
    measures.central_respondent_count,
    measures.local_prevalence,
    measures.central_prevalence,
    measures.local_prevalence - measures.central_prevalence as perception_gap,
    measures.perception_gap_reason,
    measures.score_gap as {{ score }}_gap,
    measures.score_gap_reason as {{ score }}_gap_reason,
    measures.lifted_count,
    measures.median_days_to_lift,
    measures.declined_count,
    measures.declined_share,
    measures.without_owner_count,
    measures.without_owner_share,
    measures.evidenced_count
{%- endmacro %}
