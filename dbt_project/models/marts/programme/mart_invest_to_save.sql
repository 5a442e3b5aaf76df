-- The invest-to-save register by agency: who pays, who saves, and what is left for each, year by year. A line names a
-- payer and a saver; each gets its own side of it, so costs and benefits add up over the table.
with lines as (
    select
        *,
        -- NULL where the share is not stated.
        cast(cast(benefit_gbp as decimal(20, 2)) * cast(cashable_share as decimal(9, 6)) as decimal(18, 2))
            as cashable_benefit_gbp,
        -- The same cost on the lines of several savers may be one cost written twice: shown, not decided.
        count(*) filter (where cost_gbp > 0) over (
            partition by publisher_slug, place_code, proposal_id, financial_year, investing_agency, cost_gbp
        ) as same_cost_count
    from {{ ref("stg_invest_to_save__lines") }}
),

sides as (
    select
        publisher_slug,
        place_code,
        proposal_id,
        financial_year,
        investing_agency as agency_slug,
        coalesce(cost_gbp, 0) as cost_gbp,
        0 as benefit_gbp,
        0 as cashable_benefit_gbp,
        0 as cashable_not_stated_gbp,
        coalesce(cost_gbp, 0) > 0 and same_cost_count > 1 as is_cost_repeated
    from lines
    where investing_agency is not null
    union all
    select
        publisher_slug,
        place_code,
        proposal_id,
        financial_year,
        benefiting_agency as agency_slug,
        0 as cost_gbp,
        coalesce(benefit_gbp, 0) as benefit_gbp,
        coalesce(cashable_benefit_gbp, 0) as cashable_benefit_gbp,
        case when cashable_share is null then coalesce(benefit_gbp, 0) else 0 end as cashable_not_stated_gbp,
        false as is_cost_repeated
    from lines
    where benefiting_agency is not null
),

summed as (
    select
        publisher_slug,
        place_code,
        proposal_id,
        financial_year,
        agency_slug,
        sum(cost_gbp) as cost_gbp,
        sum(benefit_gbp) as benefit_gbp,
        sum(cashable_benefit_gbp) as cashable_benefit_gbp,
        sum(cashable_not_stated_gbp) as cashable_not_stated_gbp,
        bool_or(is_cost_repeated) as is_cost_repeated
    from sides
    group by publisher_slug, place_code, proposal_id, financial_year, agency_slug
),

proposals as (
    select
        publisher_slug,
        place_code,
        proposal_id,
        max_by(title, (financial_year, flow_id)) as title,
        max_by(theme_code, (financial_year, flow_id)) as theme_code,
        {{ distinct_texts("investing_agency", "; ") }} as payer_agencies,
        {{ distinct_texts("benefiting_agency", "; ") }} as saver_agencies,
        list(distinct investing_agency) as payers,
        list(distinct benefiting_agency) as savers,
        bool_or(evidence is not null) as has_evidence
    from lines
    group by publisher_slug, place_code, proposal_id
)

select
    summed.place_code,
    places.place_name,
    summed.publisher_slug,
    summed.proposal_id,
    case when not {{ names_a_person("proposals.title") }} then proposals.title end as title,
    proposals.theme_code,
    proposals.payer_agencies,
    proposals.saver_agencies,
    not list_has_all(proposals.payers, proposals.savers) as is_saver_another_agency,
    summed.financial_year,
    summed.agency_slug,
    agencies.agency_name,
    list_contains(proposals.payers, summed.agency_slug) as is_payer,
    list_contains(proposals.savers, summed.agency_slug) as is_saver,
    cast(summed.cost_gbp as decimal(18, 2)) as cost_gbp,
    cast(summed.benefit_gbp as decimal(18, 2)) as benefit_gbp,
    cast(summed.benefit_gbp - summed.cost_gbp as decimal(18, 2)) as net_benefit_gbp,
    cast(summed.cashable_benefit_gbp as decimal(18, 2)) as cashable_benefit_gbp,
    cast(summed.cashable_not_stated_gbp as decimal(18, 2)) as cashable_not_stated_gbp,
    cast(summed.cashable_benefit_gbp - summed.cost_gbp as decimal(18, 2)) as net_cashable_gbp,
    summed.is_cost_repeated,
    proposals.has_evidence
from summed
inner join proposals
    on summed.publisher_slug = proposals.publisher_slug
        and summed.place_code is not distinct from proposals.place_code
        and summed.proposal_id is not distinct from proposals.proposal_id
left join {{ ref("dim_agency") }} as agencies on summed.agency_slug = agencies.agency_slug
left join {{ ref("dim_place") }} as places on summed.place_code = places.place_code
