-- The count of one agency and year as one statement, three identities to the penny:
-- its files = accepted + quarantined + excluded;
-- accepted = consolidated + eliminated + net credits + income + not counted + subtotals;
-- resources in - consolidated = change in reserves + unexplained. The differences are columns and must be nought.
with income as (
    select
        agency_slug,
        financial_year,
        sum(income_pence) filter (where not is_internal) as resources_pence,
        sum(income_pence) filter (where is_internal) as internal_pence,
        sum(income_pence) filter (where funding_route = 'borrowing_reserves' and not is_internal) as drawn_pence
    from {{ ref("int_count__income") }}
    group by agency_slug, financial_year
),

joined as (
    select
        coalesce(filed.agency_slug, money.agency_slug, 'no agency') as agency_slug,
        coalesce(filed.financial_year, money.financial_year, 'no year') as financial_year,
        filed.* exclude (agency_slug, financial_year),
        coalesce(money.accepted_as_filed_gbp, 0) as flows_as_filed_gbp,
        coalesce(money.accepted_gbp, 0) as accepted_gbp,
        coalesce(money.consolidated_placed_gbp, 0) as consolidated_placed_gbp,
        coalesce(money.consolidated_unallocated_gbp, 0) as consolidated_unallocated_gbp,
        coalesce(money.eliminated_gbp, 0) as eliminated_gbp,
        coalesce(money.net_credit_gbp, 0) as net_credit_gbp,
        coalesce(money.allocated_income_gbp, 0) as income_gbp,
        coalesce(money.not_counted_gbp, 0) as not_counted_gbp,
        coalesce(money.subtotal_gbp, 0) as subtotal_gbp
    from {{ ref("int_count__filed") }} as filed
    full outer join {{ ref("qa_money_by_agency") }} as money
        on filed.agency_slug = coalesce(money.agency_slug, 'no agency')
            and filed.financial_year = coalesce(money.financial_year, 'no year')
),

stated as (
    select
        joined.*,
        joined.consolidated_placed_gbp + joined.consolidated_unallocated_gbp as consolidated_gbp,
        counting.layer,
        counting.kind,
        {{ coverage_status("counting") }} as coverage_status,
        {{ pounds("coalesce(income.resources_pence, 0)") }} as resources_in_gbp,
        {{ pounds("coalesce(income.internal_pence, 0)") }} as internal_income_gbp,
        {{ pounds("-coalesce(income.drawn_pence, 0)") }} as change_in_reserves_gbp
    from joined
    left join income on joined.agency_slug = income.agency_slug and joined.financial_year = income.financial_year
    left join {{ ref("int_agency__counting_layer") }} as counting
        on joined.agency_slug = counting.agency_slug
            and joined.financial_year = counting.financial_year
)

select
    stated.agency_slug,
    agencies.agency_name,
    stated.financial_year,
    stated.layer,
    stated.kind,
    stated.coverage_status,
    stated.file_gbp,
    stated.file_accepted_gbp,
    stated.file_quarantined_gbp,
    stated.file_excluded_gbp,
    stated.file_without_tally_gbp,
    cast(
        coalesce(stated.file_gbp, 0) + coalesce(stated.file_without_tally_gbp, 0)
        - coalesce(stated.file_accepted_gbp, 0) - coalesce(stated.file_quarantined_gbp, 0)
        - coalesce(stated.file_excluded_gbp, 0) as decimal(18, 2)
    ) as file_difference_gbp,
    stated.repeated_gbp,
    stated.without_flow_gbp,
    stated.moved_gbp,
    cast(stated.accepted_gbp - stated.flows_as_filed_gbp as decimal(18, 2)) as sign_turned_gbp,
    cast(
        coalesce(stated.file_accepted_gbp, 0) - coalesce(stated.repeated_gbp, 0) - coalesce(stated.without_flow_gbp, 0)
        + coalesce(stated.moved_gbp, 0) - stated.flows_as_filed_gbp as decimal(18, 2)
    ) as filed_difference_gbp,
    stated.accepted_gbp,
    cast(stated.consolidated_gbp as decimal(18, 2)) as consolidated_gbp,
    stated.consolidated_unallocated_gbp,
    stated.eliminated_gbp,
    stated.net_credit_gbp,
    stated.income_gbp,
    stated.not_counted_gbp,
    stated.subtotal_gbp,
    cast(
        stated.accepted_gbp - stated.consolidated_gbp - stated.eliminated_gbp - stated.net_credit_gbp
        - stated.income_gbp - stated.not_counted_gbp - stated.subtotal_gbp as decimal(18, 2)
    ) as accepted_difference_gbp,
    stated.resources_in_gbp,
    stated.internal_income_gbp,
    stated.change_in_reserves_gbp,
    cast(stated.resources_in_gbp - stated.consolidated_gbp - stated.change_in_reserves_gbp as decimal(18, 2))
        as unexplained_gbp
from stated
left join {{ ref("dim_agency") }} as agencies on stated.agency_slug = agencies.agency_slug
