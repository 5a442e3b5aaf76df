-- The three bases of the saving bound for each agency, one after the other: what an earlier one took of an agency and
-- cell leaves the later one; what it took in no known cell leaves the agency as a whole. Together they never pass what
-- the agency spends in the place.
with scopes as (
    select unnest(['A-B', 'all']) as grade_scope
),

spend as (
    select
        scopes.grade_scope,
        spend.place_code,
        spend.financial_year,
        spend.agency_slug,
        cast(greatest(sum(spend.consolidated_gbp) * 100, 0) as hugeint) as spend_pence
    from {{ ref("mart_spend_by_place") }} as spend
    inner join scopes on scopes.grade_scope = 'all' or spend.method_grade in ('A', 'B')
    where spend.consolidated_gbp is not null
    group by scopes.grade_scope, spend.place_code, spend.financial_year, spend.agency_slug
),

excess as (
    select
        scopes.grade_scope,
        weights.place_code,
        excess.financial_year,
        excess.agency_slug,
        excess.excess_pence * weights.weight_units // weights.total_units as excess_pence
    from {{ ref("int_supplier__duplicate_excess") }} as excess
    inner join {{ ref("int_agency__place_weights") }} as weights
        on excess.agency_slug = weights.agency_slug
            and excess.financial_year = weights.financial_year
    inner join scopes on scopes.grade_scope = 'all' or weights.method_grade in ('A', 'B')
),

addressable as (
    select
        grade_scope,
        place_code,
        financial_year,
        agency_slug,
        cell_code,
        sum(movable_pence) as addressable_pence
    from {{ ref("int_overlap__ranked") }}
    where spend_rank > 1 and theme_scheme = {{ programme_scheme() }} and movable_pence > 0
    group by all
),

in_cells as (
    select
        coalesce(addressable.grade_scope, taken.grade_scope) as grade_scope,
        coalesce(addressable.place_code, taken.place_code) as place_code,
        coalesce(addressable.financial_year, taken.financial_year) as financial_year,
        coalesce(addressable.agency_slug, taken.agency_slug) as agency_slug,
        coalesce(taken.non_lead_pence, 0) as non_lead_pence,
        case when taken.cell_code is null then coalesce(taken.non_lead_pence, 0) else 0 end as not_celled_pence,
        coalesce(addressable.addressable_pence, 0) as addressable_pence,
        greatest(coalesce(addressable.addressable_pence, 0) - coalesce(taken.non_lead_pence, 0), 0) as left_pence
    from addressable
    full outer join {{ ref("int_supplier__non_lead") }} as taken
        on addressable.grade_scope = taken.grade_scope
            and addressable.place_code = taken.place_code
            and addressable.financial_year = taken.financial_year
            and addressable.agency_slug = taken.agency_slug
            and addressable.cell_code = taken.cell_code
),

by_agency as (
    select
        spend.grade_scope,
        spend.place_code,
        spend.financial_year,
        spend.agency_slug,
        spend.spend_pence,
        coalesce(any_value(excess.excess_pence), 0) as excess_pence,
        coalesce(sum(in_cells.non_lead_pence), 0) as non_lead_pence,
        coalesce(sum(in_cells.addressable_pence), 0) as addressable_pence,
        greatest(
            coalesce(sum(in_cells.left_pence), 0) - coalesce(sum(in_cells.not_celled_pence), 0)
            - coalesce(any_value(excess.excess_pence), 0), 0
        ) as left_pence
    from spend
    left join excess
        on spend.grade_scope = excess.grade_scope
            and spend.place_code = excess.place_code
            and spend.financial_year = excess.financial_year
            and spend.agency_slug = excess.agency_slug
    left join in_cells
        on spend.grade_scope = in_cells.grade_scope
            and spend.place_code = in_cells.place_code
            and spend.financial_year = in_cells.financial_year
            and spend.agency_slug = in_cells.agency_slug
    group by all
)

select
    * exclude (left_pence),
    least(excess_pence, spend_pence) as excess_base_pence,
    least(greatest(non_lead_pence - excess_pence, 0), greatest(spend_pence - excess_pence, 0)) as non_lead_base_pence,
    -- the excess and what suppliers took of it are one sum: the larger of the two
    least(left_pence, greatest(spend_pence - greatest(non_lead_pence, excess_pence), 0)) as addressable_base_pence
from by_agency
where excess_pence + non_lead_pence + addressable_pence > 0
