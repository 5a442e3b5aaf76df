-- The money of int_supplier__nets by place, by the rules of int_place__allocated: the place recorded; else the only
-- place of the payee, where the payer serves it among several or serves none; else the payer's weights. A supplier with
-- two payers is divided for itself, everybody else in one sum by class; what a credit leaves below nought is apart.
with groups as (
    select
        agency_slug,
        financial_year,
        case when is_divided_alone then resolved_supplier_id end as resolved_supplier_id,
        supplier_class,
        transfer_kind,
        counterparty_agency,
        recorded_place,
        recorded_grade,
        unnest([false, true]) as is_credit,
        unnest([spend_pence, credit_pence]) as part_pence
    from {{ ref("int_supplier__nets") }}
),

summed as (
    select
        * exclude (part_pence),
        cast(sum(part_pence) as hugeint) as group_pence
    from groups
    group by all
    having sum(part_pence) <> 0
),

numbered as (
    select
        *,
        row_number() over () as group_id
    from summed
),

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
        payee.place_codes[1] as payee_place,
        case
            when numbered.recorded_place is not null then 'recorded'
            when
                len(payee.place_codes) = 1
                and (
                    payer.place_codes is null
                    or (len(payer.place_codes) > 1 and list_contains(payer.place_codes, payee.place_codes[1]))
                ) then 'payee_place'
            else 'apportioned'
        end as place_rule
    from numbered
    left join places_of_agency as payee
        on numbered.counterparty_agency = payee.agency_slug
            and numbered.financial_year = payee.financial_year
    left join places_of_agency as payer
        on numbered.agency_slug = payer.agency_slug
            and numbered.financial_year = payer.financial_year
),

shares as (
    select
        ruled.* exclude (payee_place, recorded_place, recorded_grade),
        ruled.group_pence as whole_pence,
        coalesce(
            ruled.recorded_place, case when ruled.place_rule = 'payee_place' then ruled.payee_place end,
            weights.place_code
        ) as place_code,
        case ruled.place_rule
            when 'recorded' then coalesce(ruled.recorded_grade, 'A')
            when 'payee_place' then 'B'
            else weights.method_grade
        end as method_grade,
        coalesce(weights.weight_units, 1) as weight_units,
        coalesce(weights.total_units, 1) as total_units
    from ruled
    left join {{ ref("int_agency__place_weights") }} as weights
        on ruled.place_rule = 'apportioned'
            and ruled.agency_slug = weights.agency_slug
            and ruled.financial_year = weights.financial_year
),

parts as (
    {{ largest_remainder("shares", "group_id", "group_pence", "weight_units", "total_units", "place_code") }}
)

select
    place_code,
    financial_year,
    agency_slug,
    resolved_supplier_id,
    supplier_class,
    transfer_kind,
    counterparty_agency,
    method_grade,
    is_credit,
    cast(part_pence as bigint) as part_pence,
    whole_pence
from parts
where part_pence <> 0 and place_code <> 'UNALLOCATED'
