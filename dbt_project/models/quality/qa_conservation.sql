-- The identities of the count, each for every agency and year and once for all, to the penny. A difference stops the build.
with staged as (
    select
        agency_slug,
        financial_year,
        amount_gbp
    from {{ ref("stg_spend__lines") }}
    union all
    select
        agency_slug,
        financial_year,
        amount_gbp
    from {{ ref("stg_count__lines") }}
    union all
    select
        agency_slug,
        financial_year,
        amount_gbp
    from {{ ref("stg_service_expenditure__lines") }}
),

{% set consolidated = "consolidated_placed_gbp + consolidated_unallocated_gbp" %}
sides as (
    select
        'file = accepted + quarantined + excluded' as identity,
        agency_slug,
        'all' as financial_year,
        file_gbp as left_gbp,
        accepted_gbp + quarantined_gbp + excluded_gbp as right_gbp
    from {{ ref("stg_intake__ledger") }}
    where status = 'in_service' and file_gbp is not null
    union all
    -- Without any ledger (a warehouse built by hand) there is nothing to hold the lines against.
    select
        'accepted = staged',
        agency_slug,
        'all',
        accepted_gbp,
        0
    from {{ ref("stg_intake__ledger") }}
    where status = 'in_service'
    union all
    select
        'accepted = staged',
        agency_slug,
        'all',
        0,
        amount_gbp
    from staged
    where exists (select 1 from {{ ref("stg_intake__ledger") }})
    union all
    select
        'staged = flows',
        agency_slug,
        financial_year,
        amount_gbp,
        0
    from staged
    union all
    select
        'staged = flows',
        agency_slug,
        financial_year,
        0,
        accepted_as_filed_gbp
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'accepted = consolidated + eliminated + income + not counted + subtotals',
        agency_slug,
        financial_year,
        accepted_gbp,
        {{ consolidated }} + eliminated_gbp + allocated_income_gbp + not_counted_gbp + subtotal_gbp
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'counted outlays = consolidated + eliminated',
        agency_slug,
        financial_year,
        counted_outlay_gbp,
        {{ consolidated }} + eliminated_gbp
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'consolidated = mart_spend_by_place',
        agency_slug,
        financial_year,
        {{ consolidated }},
        0
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'consolidated = mart_spend_by_place',
        agency_slug,
        financial_year,
        0,
        consolidated_gbp
    from {{ ref("mart_spend_by_place") }}
    union all
    select
        'consolidated = mart_spend_by_theme, ' || schemes.theme_scheme,
        money.agency_slug,
        money.financial_year,
        {{ consolidated }},
        0
    from {{ ref("qa_money_by_agency") }} as money
    cross join (
        select distinct theme_scheme from {{ ref("dim_theme") }}
        where is_partition
    ) as schemes
    union all
    select
        'consolidated = mart_spend_by_theme, ' || theme_scheme,
        agency_slug,
        financial_year,
        0,
        attributed_gbp
    from {{ ref("mart_spend_by_theme") }}
    where is_additive
    union all
    select
        'consolidated = mart_spend_by_funding_route, outlay',
        agency_slug,
        financial_year,
        {{ consolidated }},
        0
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'consolidated = mart_spend_by_funding_route, outlay',
        agency_slug,
        financial_year,
        0,
        amount_gbp
    from {{ ref("mart_spend_by_funding_route") }}
    where flow = 'outlay'
    union all
    select
        'income = mart_spend_by_funding_route, received',
        agency_slug,
        financial_year,
        counted_income_gbp,
        0
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'income = mart_spend_by_funding_route, received',
        agency_slug,
        financial_year,
        0,
        amount_gbp
    from {{ ref("mart_spend_by_funding_route") }}
    where income_entry = 'received'
    union all
    select
        'eliminated = mart_eliminations',
        agency_slug,
        financial_year,
        eliminated_gbp,
        0
    from {{ ref("qa_money_by_agency") }}
    union all
    select
        'eliminated = mart_eliminations',
        payer_agency,
        financial_year,
        0,
        eliminated_gbp
    from {{ ref("mart_eliminations") }}
)

select
    identity,
    case when grouping(agency_slug) = 1 then 'all' else coalesce(agency_slug, 'no agency') end as agency_slug,
    case when grouping(financial_year) = 1 then 'all' else financial_year end as financial_year,
    cast(coalesce(sum(left_gbp), 0) as decimal(18, 2)) as left_gbp,
    cast(coalesce(sum(right_gbp), 0) as decimal(18, 2)) as right_gbp,
    cast(coalesce(sum(left_gbp), 0) - coalesce(sum(right_gbp), 0) as decimal(18, 2)) as difference_gbp
from sides
group by grouping sets ((identity, agency_slug, financial_year), (identity))
