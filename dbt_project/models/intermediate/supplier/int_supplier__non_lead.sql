-- What each agency pays shared suppliers without being the one that pays most, by the cell it lies in, in both scopes
-- of grade. A payer's money goes to services in the proportions it paid the supplier for them; what cannot be told, or
-- lies in no cell of the agency, has none.
with scopes as (
    select unnest(['A-B', 'all']) as grade_scope
),

-- Once for both scopes. One alone in its scope is its own lead.
ranked as (
    select
        place_code,
        financial_year,
        agency_slug,
        payer_key,
        spend_pence,
        payer_rank > 1 as is_after_lead,
        method_grade in ('A', 'B')
        and count(*) filter (where method_grade in ('A', 'B')) over (
            partition by shared_key order by payer_rank
        ) > 1 as is_after_lead_of_headline
    from {{ ref("int_supplier__payers") }}
    qualify is_after_lead or is_after_lead_of_headline
),

purpose_codes as (
    select distinct
        purpose_no,
        service_code
    from {{ ref("int_supplier__decisions") }}
),

purposes as (
    select
        purposes.payer_key,
        purposes.purpose_no,
        greatest(purposes.paid_pence, 0) as for_pence,
        sum(greatest(purposes.paid_pence, 0)) over (partition by purposes.payer_key) as all_pence
    from {{ ref("int_supplier__purposes") }} as purposes
    semi join ranked on purposes.payer_key = ranked.payer_key
),

divided as (
    select
        ranked.place_code,
        ranked.financial_year,
        ranked.agency_slug,
        purposes.purpose_no,
        sum(cast(ranked.spend_pence as hugeint) * purposes.for_pence // purposes.all_pence)
        filter (where ranked.is_after_lead) as all_part_pence,
        sum(cast(ranked.spend_pence as hugeint) * purposes.for_pence // purposes.all_pence)
        filter (where ranked.is_after_lead_of_headline) as headline_part_pence
    from ranked
    inner join purposes on ranked.payer_key = purposes.payer_key and purposes.all_pence > 0
    group by ranked.place_code, ranked.financial_year, ranked.agency_slug, purposes.purpose_no
),

parts as (
    select
        scopes.grade_scope,
        divided.place_code,
        divided.financial_year,
        divided.agency_slug,
        purpose_codes.service_code,
        sum(if(scopes.grade_scope = 'all', divided.all_part_pence, divided.headline_part_pence)) as part_pence
    from divided
    inner join purpose_codes on divided.purpose_no = purpose_codes.purpose_no
    cross join scopes
    group by all
    having part_pence is not null
),

payers as (
    select
        scopes.grade_scope,
        ranked.place_code,
        ranked.financial_year,
        ranked.agency_slug,
        sum(ranked.spend_pence) as spend_pence
    from ranked
    inner join scopes on if(scopes.grade_scope = 'all', ranked.is_after_lead, ranked.is_after_lead_of_headline)
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
        payers.grade_scope,
        payers.place_code,
        payers.financial_year,
        payers.agency_slug,
        cast(null as varchar) as cell_code,
        payers.spend_pence - coalesce(told.told_pence, 0) as part_pence
    from payers
    left join told
        on payers.grade_scope = told.grade_scope
            and payers.place_code = told.place_code
            and payers.financial_year = told.financial_year
            and payers.agency_slug = told.agency_slug
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
