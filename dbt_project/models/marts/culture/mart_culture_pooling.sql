-- Pooled money of joint arrangements beside the consolidated spend of the same cells: a ratio, never added to spend
-- (the money is in it already). A row for each theme that an arrangement names and one for the whole place (`all`).
{% set pooled_kinds = "('s75_pooled', 's256', 'integrated_settlement')" %}
with keyed as (
    select
        lines.*,
        list_sort(list_transform(string_split(party_agencies, ';'), lambda party: trim(party))) as parties
    from {{ ref("stg_joint_arrangements__lines") }} as lines
    where place_code is not null
),

-- Host and party may both report an arrangement, each under a number of its own: alike in everything else, it is one.
numbered as (
    select
        *,
        row_number() over (
            partition by place_code, financial_year, arrangement_kind, parties, theme_code, amount_gbp, publisher_slug
            order by arrangement_id, flow_id
        ) as nth_of_publisher
    from keyed
),

arrangements as (
    select
        place_code,
        financial_year,
        arrangement_kind,
        theme_code,
        amount_gbp,
        count(*) as report_count
    from numbered
    group by place_code, financial_year, arrangement_kind, parties, theme_code, amount_gbp, nth_of_publisher
),

levelled as (
    select
        *,
        theme_code as cell_theme
    from arrangements
    where theme_code is not null
    union all
    select
        *,
        'all' as cell_theme
    from arrangements
),

joined_up as (
    select
        place_code,
        financial_year,
        cell_theme,
        count(*) as arrangement_count,
        sum(report_count) - count(*) as repeated_report_count,
        count(*) filter (where arrangement_kind in {{ pooled_kinds }}) as pooled_arrangement_count,
        sum(amount_gbp) filter (where arrangement_kind in {{ pooled_kinds }}) as pooled_gbp,
        sum(amount_gbp) filter (where arrangement_kind not in {{ pooled_kinds }}) as other_joint_gbp
    from levelled
    group by place_code, financial_year, cell_theme
),

money as (
    select
        place_code,
        financial_year,
        case when grouping(theme_code) = 1 then 'all' else theme_code end as cell_theme,
        sum(consolidated_pence) as consolidated_pence,
        {{ basis_of("expenditure_basis") }} as expenditure_basis
    from {{ ref("int_programme__theme_money") }}
    group by grouping sets ((place_code, financial_year, theme_code), (place_code, financial_year))
)

select
    joined_up.place_code,
    places.place_name,
    joined_up.financial_year,
    joined_up.cell_theme as theme_code,
    cast(joined_up.arrangement_count as bigint) as arrangement_count,
    cast(joined_up.pooled_arrangement_count as bigint) as pooled_arrangement_count,
    cast(joined_up.repeated_report_count as bigint) as repeated_report_count,
    cast(coalesce(joined_up.pooled_gbp, 0) as decimal(18, 2)) as pooled_gbp,
    cast(coalesce(joined_up.other_joint_gbp, 0) as decimal(18, 2)) as other_joint_gbp,
    {{ pounds("money.consolidated_pence") }} as consolidated_gbp,
    money.expenditure_basis,
    case
        when money.consolidated_pence > 0
            then cast(coalesce(joined_up.pooled_gbp, 0) as double) * 100 / cast(money.consolidated_pence as double)
    end as pooling_ratio,
    case
        when coalesce(money.consolidated_pence, 0) <= 0
            then 'no consolidated spend of the place and year stands in the cells'
    end as pooling_ratio_reason,
    coalesce(coverage.coverage, 'no spending of the place is returned') as coverage
from joined_up
left join money
    on joined_up.place_code = money.place_code
        and joined_up.financial_year = money.financial_year
        and joined_up.cell_theme = money.cell_theme
left join {{ ref("int_programme__coverage") }} as coverage
    on joined_up.place_code = coverage.place_code
        and joined_up.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on joined_up.place_code = places.place_code
