-- The money of int_supplier__nets by place, by the rules of int_place__allocated: the place recorded; else the only
-- place of the payee, where the payer serves it among several or serves none; else the payer's weights. A supplier of
-- int_supplier__alone is divided for itself, everybody else in one sum by class; what a credit leaves below nought is
-- apart. Only money of a payer of several places is divided at all.
with kinds as (
    select distinct
        kind_no,
        ledger_no,
        agency_slug,
        financial_year,
        recorded_place,
        recorded_grade,
        transfer_kind,
        counterparty_agency
    from {{ ref("int_supplier__decisions") }}
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
        kinds.*,
        payee.place_codes[1] as payee_place,
        case
            when kinds.recorded_place is not null then 'recorded'
            when
                len(payee.place_codes) = 1
                and (
                    payer.place_codes is null
                    or (len(payer.place_codes) > 1 and list_contains(payer.place_codes, payee.place_codes[1]))
                ) then 'payee_place'
            else 'apportioned'
        end as place_rule
    from kinds
    left join places_of_agency as payee
        on kinds.counterparty_agency = payee.agency_slug
            and kinds.financial_year = payee.financial_year
    left join places_of_agency as payer
        on kinds.agency_slug = payer.agency_slug
            and kinds.financial_year = payer.financial_year
),

kind_places as (
    select
        ruled.kind_no,
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
        coalesce(weights.total_units, 1) as total_units,
        count(*) over (partition by ruled.kind_no) as place_count
    from ruled
    left join {{ ref("int_agency__place_weights") }} as weights
        on ruled.place_rule = 'apportioned'
            and ruled.agency_slug = weights.agency_slug
            and ruled.financial_year = weights.financial_year
),

asked as (
    select
        nets.kind_no,
        nets.class_no,
        nets.net_pence,
        kinds.ledger_no,
        case
            when
                nets.class_no in ({{ class_no("charity") }}, {{ class_no("company") }}, {{ class_no("unclassified") }})
                and kinds.transfer_kind is null
                and kinds.counterparty_agency is null then nets.supplier_key
        end as asked_key
    from {{ ref("int_supplier__nets") }} as nets
    inner join kinds on nets.kind_no = kinds.kind_no
    where nets.net_pence <> 0
),

judged as (
    select
        asked.*,
        alone.supplier_key
    from asked
    left join {{ ref("int_supplier__alone") }} as alone
        on asked.ledger_no = alone.ledger_no
            and asked.asked_key = alone.supplier_key
),

groups as (
    select
        kind_no,
        class_no,
        supplier_key,
        net_pence < 0 as is_credit,
        cast(abs(net_pence) as hugeint) as whole_pence
    from judged
    where supplier_key is not null
    union all
    select
        kind_no,
        class_no,
        null as supplier_key,
        net_pence < 0 as is_credit,
        cast(sum(abs(net_pence)) as hugeint) as whole_pence
    from judged
    where supplier_key is null
    group by kind_no, class_no, is_credit
),

shares as (
    select
        groups.*,
        kind_places.* exclude (kind_no, place_count)
    from groups
    inner join kind_places on groups.kind_no = kind_places.kind_no and kind_places.place_count > 1
),

numbered as (
    select
        *,
        hash(kind_no, class_no, supplier_key, is_credit) as group_id
    from shares
),

parts as (
    {{ largest_remainder("numbered", "group_id", "whole_pence", "weight_units", "total_units", "place_code") }}
),

united as (
    select * exclude (weight_units, total_units, group_id)
    from parts
    union all by name
    select
        groups.*,
        kind_places.place_code,
        kind_places.method_grade,
        groups.whole_pence as part_pence
    from groups
    inner join kind_places on groups.kind_no = kind_places.kind_no and kind_places.place_count = 1
)

select
    united.place_code,
    kinds.financial_year,
    kinds.agency_slug,
    united.supplier_key,
    {{ supplier_classes() }}[united.class_no] as supplier_class,
    kinds.transfer_kind,
    kinds.counterparty_agency,
    united.method_grade,
    united.is_credit,
    cast(united.part_pence as bigint) as part_pence,
    united.whole_pence
from united
inner join kinds on united.kind_no = kinds.kind_no
where united.part_pence <> 0 and united.place_code <> 'UNALLOCATED'
