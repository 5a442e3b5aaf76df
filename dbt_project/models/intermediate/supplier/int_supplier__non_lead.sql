-- What each agency pays shared suppliers without being the one that pays most, by the cell it lies in, in both scopes
-- of grade. A payer's money goes to services in the proportions it paid the supplier for them; what cannot be told, or
-- lies in no cell of the agency, has none.
{% set agency = ["grade_scope", "place_code", "financial_year", "agency_slug"] %}
with scopes as (
    select unnest(['A-B', 'all']) as grade_scope
),

-- Once for both scopes. One alone in its scope is its own lead.
ranked as (
    select
        *,
        payer_rank > 1 as is_after_lead,
        method_grade in ('A', 'B')
        and count(*) filter (where method_grade in ('A', 'B')) over (
            partition by shared_key order by payer_rank
        ) > 1 as is_after_headline_lead
    from {{ ref("int_supplier__payers") }}
    qualify is_after_lead or is_after_headline_lead
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
        ranked.is_after_lead,
        ranked.is_after_headline_lead,
        purposes.purpose_no,
        sum(cast(ranked.spend_pence as hugeint) * purposes.for_pence // purposes.all_pence) as part_pence
    from ranked
    inner join purposes on ranked.payer_key = purposes.payer_key and purposes.all_pence > 0
    group by all
),

codes as (
    select distinct
        purpose_no,
        service_code
    from {{ ref("int_supplier__decisions") }}
),

parts as (
    select
        scopes.grade_scope,
        divided.place_code,
        divided.financial_year,
        divided.agency_slug,
        codes.service_code,
        sum(divided.part_pence) as part_pence
    from divided
    inner join codes on divided.purpose_no = codes.purpose_no
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
        ranked.place_code,
        ranked.financial_year,
        ranked.agency_slug,
        sum(ranked.spend_pence) as part_pence
    from ranked
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
