{# By which rule the money of each of `groups` finds its place, as common table expressions that end in `ruled`: the place recorded;
   else the only place of the payee, where the payer serves it among several or serves none; else the payer's weights. `groups` has
   flow, agency_slug, financial_year, counterparty_agency and recorded_place; `ruled` has all of them, place_rule and payee_place. #}
{% macro ruled_places(groups) -%}
places_of_agency as (
    select
        agency_slug,
        financial_year,
        list(place_code) as place_codes
    from {{ ref("int_agency__places_served") }}
    where place_code <> 'UNALLOCATED'
    group by agency_slug, financial_year
),

ruled as (
    select
        numbered.*,
        case
            when numbered.recorded_place is not null then 'recorded'
            when
                numbered.flow = 'outlay' and len(payee.place_codes) = 1
                and (
                    payer.place_codes is null
                    or (len(payer.place_codes) > 1 and list_contains(payer.place_codes, payee.place_codes[1]))
                ) then 'payee_place'
            else 'apportioned'
        end as place_rule,
        payee.place_codes[1] as payee_place
    from {{ groups }} as numbered
    left join places_of_agency as payee
        on numbered.counterparty_agency = payee.agency_slug
            and numbered.financial_year = payee.financial_year
    left join places_of_agency as payer
        on numbered.agency_slug = payer.agency_slug
            and numbered.financial_year = payer.financial_year
)
{%- endmacro %}

{# Where money belongs, as common table expressions that end in `parts`: the place recorded; else the only place of the payee, where
   the payer serves it among several or serves none; else the payer's weights, by largest remainder. `groups` has one row per sum:
   group_id, group_pence, flow, agency_slug, financial_year, counterparty_agency, recorded_place, recorded_grade; `parts` has those
   that are not of the recording, and place_rule, place_code, method_grade, driver, driver_vintage, part_pence. #}
{% macro divided_over_places(groups) -%}
{{ ruled_places(groups) }},

shares as (
    select
        ruled.* exclude (recorded_place, recorded_grade, payee_place),
        case place_rule
            when 'recorded' then ruled.recorded_place
            when 'payee_place' then ruled.payee_place
            else weights.place_code
        end as place_code,
        case place_rule
            when 'recorded' then case when recorded_place = 'UNALLOCATED' then 'E' else ruled.recorded_grade end
            when 'payee_place' then 'B'
            else weights.method_grade
        end as method_grade,
        case when place_rule = 'apportioned' then weights.driver else place_rule end as driver,
        weights.driver_vintage,
        coalesce(weights.weight_units, 1) as weight_units,
        coalesce(weights.total_units, 1) as total_units
    from ruled
    -- One comparison of keys: a condition on one side alone would compare every row with every weight.
    left join {{ ref("int_agency__place_weights") }} as weights
        on case when ruled.place_rule = 'apportioned' then ruled.agency_slug end = weights.agency_slug
            and ruled.financial_year = weights.financial_year
),

parts as (
    {{ largest_remainder("shares", "group_id", "group_pence", "weight_units", "total_units", "place_code") }}
)
{%- endmacro %}
