{{ config(meta={"kept_by": {"column": "revision_id"}}) }}
-- What the accepted lines of each revision in service add up to, by the year of the line and the body it is about,
-- before any model has touched them: one side of the identities. A funding line is about its payee.
{% set flows_of = ["spend", "procurement_card", "count", "service_expenditure", "benefits", "funding"] %}
{% for kind in flows_of + ["grants", "joint_arrangements"] %}
    select
        revision_id,
        agency_slug,
        {{ "payee_agency" if kind == "funding" else "agency_slug" }} as receiver_slug,
        '{{ kind }}' as kind,
        financial_year,
        {{ "true" if kind in flows_of else "false" }} as is_flow,
        cast(sum(amount_gbp) as decimal(18, 2)) as amount_gbp
    from {{ ref("stg_" ~ kind ~ "__lines") }}
    group by all
    {% if not loop.last %}union all{% endif %}
{% endfor %}
