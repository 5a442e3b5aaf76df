-- What each agency pays shared suppliers without being the one that pays most, by the cell it lies in, in both scopes
-- of grade. A payer's money goes to services in the proportions it paid the supplier for them; what cannot be told, or
-- lies in no cell of the agency, has none.
with scopes as (
    select unnest(['A-B', 'all']) as grade_scope
),

ranked as (
    select
        scopes.grade_scope,
        payers.place_code,
        payers.financial_year,
        payers.resolved_supplier_id,
        payers.agency_slug,
        payers.spend_pence
    from {{ ref("int_supplier__payers") }} as payers
    inner join scopes on scopes.grade_scope = 'all' or payers.method_grade in ('A', 'B')
    -- one alone in its scope is its own lead
    qualify row_number() over (
            partition by scopes.grade_scope, payers.place_code, payers.financial_year, payers.resolved_supplier_id
            order by payers.spend_pence desc, payers.agency_slug asc
        ) > 1
),

purposes as (
    select
        *,
        greatest(paid_pence, 0) as for_pence,
        sum(greatest(paid_pence, 0)) over (partition by financial_year, resolved_supplier_id, agency_slug) as all_pence
    from {{ ref("int_supplier__purposes") }}
),

parts as (
    select
        ranked.grade_scope,
        ranked.place_code,
        ranked.financial_year,
        ranked.agency_slug,
        purposes.service_code,
        sum(cast(ranked.spend_pence as hugeint) * purposes.for_pence // purposes.all_pence) as part_pence
    from ranked
    inner join purposes
        on ranked.financial_year = purposes.financial_year
            and ranked.resolved_supplier_id = purposes.resolved_supplier_id
            and ranked.agency_slug = purposes.agency_slug
            and purposes.all_pence > 0
    group by all
),

cells as (
    select distinct
        grade_scope,
        place_code,
        financial_year,
        agency_slug,
        cell_code
    from {{ ref("int_overlap__agency_cells") }}
    where theme_scheme = {{ programme_scheme() }}
),

celled as (
    select
        parts.grade_scope,
        parts.place_code,
        parts.financial_year,
        parts.agency_slug,
        max(cells.cell_code) as cell_code,
        any_value(parts.part_pence) as part_pence
    from parts
    left join cells
        on parts.grade_scope = cells.grade_scope
            and parts.place_code = cells.place_code
            and parts.financial_year = cells.financial_year
            and parts.agency_slug = cells.agency_slug
            and (parts.service_code = cells.cell_code or starts_with(parts.service_code, cells.cell_code || '.'))
    group by parts.grade_scope, parts.place_code, parts.financial_year, parts.agency_slug, parts.service_code
),

told as (
    select
        * exclude (service_code, part_pence),
        sum(part_pence) as told_pence
    from parts
    group by all
),

-- pence of the division, and payers whose purposes cannot be told
rest as (
    select
        ranked.grade_scope,
        ranked.place_code,
        ranked.financial_year,
        ranked.agency_slug,
        cast(null as varchar) as cell_code,
        sum(ranked.spend_pence) - coalesce(any_value(told.told_pence), 0) as part_pence
    from ranked
    left join told
        on ranked.grade_scope = told.grade_scope
            and ranked.place_code = told.place_code
            and ranked.financial_year = told.financial_year
            and ranked.agency_slug = told.agency_slug
    group by ranked.grade_scope, ranked.place_code, ranked.financial_year, ranked.agency_slug
),

united as (
    select * from celled
    union all by name
    select * from rest
)

select
    grade_scope,
    place_code,
    financial_year,
    agency_slug,
    cell_code,
    cast(sum(part_pence) as hugeint) as non_lead_pence
from united
group by grade_scope, place_code, financial_year, agency_slug, cell_code
having sum(part_pence) <> 0
