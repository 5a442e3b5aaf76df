-- The perimeter of each scope and year: every agency that serves, or spends in, any place of it. Kept for the scopes
-- in which at least one of them has money that counts.
with members as (
    select
        financial_year,
        place_code,
        agency_slug
    from {{ ref("int_place__perimeter") }}
    union
    select
        financial_year,
        place_code,
        agency_slug
    from {{ ref("int_agency__places_served") }}
    where place_code <> 'UNALLOCATED'
),

scoped as (
    select distinct
        scopes.scope_kind,
        scopes.scope_code,
        scopes.financial_year,
        members.agency_slug
    from {{ ref("int_scope__places") }} as scopes
    inner join members
        on scopes.place_code = members.place_code
            and scopes.financial_year = members.financial_year
)

select
    scoped.scope_kind,
    scoped.scope_code,
    scoped.financial_year,
    scoped.agency_slug,
    coalesce(counting.has_outlays, false) as has_outlays
from scoped
left join {{ ref("int_agency__counting_layer") }} as counting
    on scoped.agency_slug = counting.agency_slug
        and scoped.financial_year = counting.financial_year
qualify
    bool_or(counting.agency_slug is not null) over (
        partition by scoped.scope_kind, scoped.scope_code, scoped.financial_year
    )
