-- The identities of the count, each for every agency and year and once for all, to the penny. A difference stops the
-- build. Each side is a sum over one relation; the sides of one identity meet in its agency and year.
{% set ledger, money = ref("stg_intake__ledger"), ref("qa_money_by_agency") %}
{% set staged, statement = ref("int_count__staged_totals"), ref("mart_statement") %}
{% set consolidated = "consolidated_placed_gbp + consolidated_unallocated_gbp" %}
{% set schemes = "(select distinct theme_scheme from " ~ ref("dim_theme") ~ " where is_partition)" %}
{% set sides = [
    ["'file = accepted + quarantined + excluded'", ledger, "file_gbp",
        "accepted_gbp + quarantined_gbp + excluded_gbp", "status = 'in_service' and file_gbp is not null"],
    ["'accepted = staged + repeated elsewhere'", ledger, "accepted_gbp", "0", "status = 'in_service'"],
    ["'accepted = staged + repeated elsewhere'", staged, "0", "amount_gbp",
        "exists(select 1 from " ~ ledger ~ ")"],
    ["'accepted = staged + repeated elsewhere'", ref("stg_intake__repeated_rows"), "0", "amount_gbp",
        "exists(select 1 from " ~ ledger ~ ")"],
    ["'staged = flows'", "(select * replace (receiver_slug as agency_slug) from " ~ staged ~ ")", "amount_gbp", "0", "is_flow"],
    ["'staged = flows'", money, "0", "accepted_as_filed_gbp", "true"],
    ["'accepted = consolidated + eliminated + income + not counted + subtotals'", money, "accepted_gbp",
        consolidated ~ " + eliminated_gbp + net_credit_gbp + allocated_income_gbp + not_counted_gbp + subtotal_gbp",
        "true"],
    ["'counted outlays = consolidated + eliminated'", money, "counted_outlay_gbp",
        consolidated ~ " + eliminated_gbp + net_credit_gbp", "true"],
    ["'consolidated = mart_spend_by_place'", money, consolidated, "0", "true"],
    ["'consolidated = mart_spend_by_place'", ref("mart_spend_by_place"), "0", "consolidated_gbp", "true"],
    ["'consolidated = mart_spend_by_theme, ' || theme_scheme", "(select * from " ~ money ~ " cross join " ~ schemes ~ ")",
        consolidated, "0", "true"],
    ["'consolidated = mart_spend_by_theme, ' || theme_scheme", ref("mart_spend_by_theme"), "0", "attributed_gbp",
        "is_additive"],
    ["'consolidated = mart_spend_by_funding_route, outlay'", money, consolidated, "0", "true"],
    ["'consolidated = mart_spend_by_funding_route, outlay'", ref("mart_spend_by_funding_route"), "0", "amount_gbp",
        "flow = 'outlay'"],
    ["'income = mart_spend_by_funding_route, received'", money, "counted_income_gbp", "0", "true"],
    ["'income = mart_spend_by_funding_route, received'", ref("mart_spend_by_funding_route"), "0", "amount_gbp",
        "income_entry = 'received'"],
    ["'eliminated = mart_eliminations'", money, "eliminated_gbp", "0", "true"],
    ["'eliminated = mart_eliminations'",
        "(select *, payer_agency as agency_slug from " ~ ref("mart_eliminations") ~ ")", "0", "eliminated_gbp", "true"],
    ["'mart_statement: files = accepted + quarantined + excluded'", statement, "file_difference_gbp", "0", "true"],
    ["'mart_statement: accepted in files = flows'", statement, "filed_difference_gbp", "0",
        "exists(select 1 from " ~ ledger ~ ") and exists(select 1 from " ~ ref("stg_intake__returns") ~ ")"],
    ["'mart_statement: accepted = where it went'", statement, "accepted_difference_gbp", "0", "true"],
    ["'mart_statement: accepted'", statement, "accepted_gbp", "0", "true"],
    ["'mart_statement: accepted'", money, "0", "accepted_gbp", "true"],
    ["'resources in - consolidated = change in reserves + unexplained'",
        "(select * replace ('every agency' as agency_slug) from " ~ statement ~ ")",
        "resources_in_gbp - consolidated_gbp", "0", "true"],
    ["'resources in - consolidated = change in reserves + unexplained'",
        "(select *, 'every agency' as agency_slug from " ~ ref("mart_resources") ~ ")", "0",
        "change_in_reserves_gbp + unexplained_gbp", "true"],
] %}
{% set without_year = ["'file = accepted + quarantined + excluded'", "'accepted = staged + repeated elsewhere'"] %}
with sides as (
    {% for identity, relation, left_side, right_side, condition in sides %}
        select
            {{ identity }} as identity,
            coalesce(agency_slug, 'no agency') as agency_slug,
            {{ "'all'" if identity in without_year else "coalesce(financial_year, 'no year')" }} as year_stated,
            cast({{ left_side }} as decimal(18, 2)) as left_gbp,
            cast({{ right_side }} as decimal(18, 2)) as right_gbp
        from {{ relation }}
        where {{ condition }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    identity,
    case when grouping(agency_slug) = 1 then 'all' else agency_slug end as agency_slug,
    case when grouping(year_stated) = 1 then 'all' else year_stated end as financial_year,
    -- NULL where absurd amounts of quarantined lines add up to more than a column holds; the difference is still told.
    try_cast(coalesce(sum(left_gbp), 0) as decimal(18, 2)) as left_gbp,
    try_cast(coalesce(sum(right_gbp), 0) as decimal(18, 2)) as right_gbp,
    cast(coalesce(sum(left_gbp), 0) - coalesce(sum(right_gbp), 0) as decimal(18, 2)) as difference_gbp
from sides
group by grouping sets ((identity, agency_slug, year_stated), (identity))
