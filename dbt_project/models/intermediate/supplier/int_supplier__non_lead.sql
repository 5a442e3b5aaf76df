-- What each agency pays shared suppliers without being the one that pays most, by the cell it lies in, in both scopes
-- of grade. A payer's money goes to services in the proportions it paid the supplier for them; what cannot be told, or
-- lies in no cell of the agency, has none.
{% set agency = ["grade_scope", "place_code", "financial_year", "agency_slug"] %}
with scopes as (
    select unnest(['A-B', 'all']) as grade_scope
),

-- Once for both scopes. One alone in its scope is its own lead.
headline_leads as (
    select
        shared_key,
        min(payer_rank) as payer_rank
    from {{ ref("int_supplier__payers") }}
    where method_grade in ('A', 'B')
    group by shared_key
),

ranked as (
    select
        payers.site_no,
        payers.payer_no,
        payers.payer_key,
        payers.spend_pence,
        payers.payer_rank > 1 as is_after_lead,
        coalesce(payers.method_grade in ('A', 'B') and payers.payer_rank > headline_leads.payer_rank, false)
            as is_after_headline_lead
    from {{ ref("int_supplier__payers") }} as payers
    left join headline_leads on payers.shared_key = headline_leads.shared_key
    where is_after_lead or is_after_headline_lead
),

-- Pence times pence are wider than a whole number only where both are large.
divided as (
    select
        ranked.site_no,
        ranked.payer_no,
        ranked.is_after_lead,
        ranked.is_after_headline_lead,
        purposes.purpose_no,
        sum(
            case
                when ranked.spend_pence < 2000000000 and purposes.paid_pence < 4000000000
                    then ranked.spend_pence * purposes.paid_pence // bought.for_pence
                else cast(cast(ranked.spend_pence as hugeint) * purposes.paid_pence // bought.for_pence as bigint)
            end
        ) as part_pence
    from ranked
    inner join {{ ref("int_supplier__purposes") }} as purposes on ranked.payer_key = purposes.payer_key
    inner join {{ ref("int_supplier__bought") }} as bought on ranked.payer_key = bought.payer_key
    where purposes.paid_pence > 0
    group by all
),

codes as (
    select distinct
        purpose_no,
        service_code
    from {{ ref("int_supplier__decisions") }}
),

{{ numbered_words() }},

parts as (
    select
        scopes.grade_scope,
        sites.place_code,
        sites.financial_year,
        bodies.agency_slug,
        codes.service_code,
        sum(divided.part_pence) as part_pence
    from divided
    inner join codes on divided.purpose_no = codes.purpose_no
    inner join sites on divided.site_no = sites.site_no
    inner join bodies on divided.payer_no = bodies.payer_no
    inner join scopes on if(scopes.grade_scope = 'all', divided.is_after_lead, divided.is_after_headline_lead)
    group by all
),

cells as (
    select
        parts.{{ agency | join(",\n        parts.") }},
        parts.service_code,
        max(cells.cell_code) as cell_code
    from parts
    inner join {{ ref("int_overlap__agency_cells") }} as cells
        on cells.theme_scheme = {{ programme_scheme() }}
            {% for column in agency -%}
                and parts.{{ column }} = cells.{{ column }}
            {% endfor -%}
            and (parts.service_code = cells.cell_code or starts_with(parts.service_code, cells.cell_code || '.'))
    group by all
),

-- The whole less its parts: pence of the division, and payers whose purposes cannot be told.
united as (
    select * from parts
    union all by name
    select * exclude (service_code) replace (-part_pence as part_pence)
    from parts
    union all by name
    select
        scopes.grade_scope,
        sites.place_code,
        sites.financial_year,
        bodies.agency_slug,
        sum(ranked.spend_pence) as part_pence
    from ranked
    inner join sites on ranked.site_no = sites.site_no
    inner join bodies on ranked.payer_no = bodies.payer_no
    inner join scopes on if(scopes.grade_scope = 'all', ranked.is_after_lead, ranked.is_after_headline_lead)
    group by all
)

select
    united.{{ agency | join(",\n    united.") }},
    cells.cell_code,
    cast(sum(united.part_pence) as hugeint) as non_lead_pence
from united
left join cells
    on united.service_code = cells.service_code
        {% for column in agency -%}
            and united.{{ column }} = cells.{{ column }}
        {% endfor %}
group by all
having sum(united.part_pence) <> 0
