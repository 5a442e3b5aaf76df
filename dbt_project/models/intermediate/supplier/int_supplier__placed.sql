-- The money of int_supplier__nets by place (int_supplier__kinds). A supplier of int_supplier__alone is divided for
-- itself, everybody else in one sum by class; what a credit leaves below nought is apart. Only money of a payer of
-- several places is divided at all.
with kinds as (
    select distinct
        kind_no,
        ledger_no,
        agency_slug,
        financial_year,
        transfer_kind,
        counterparty_agency
    from {{ ref("int_supplier__kinds") }}
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
        kind_places.place_code,
        kind_places.method_grade,
        kind_places.weight_units,
        kind_places.total_units,
        hash(groups.kind_no, groups.class_no, groups.supplier_key, groups.is_credit) as group_id
    from groups
    inner join {{ ref("int_supplier__kinds") }} as kind_places
        on groups.kind_no = kind_places.kind_no and kind_places.place_count > 1
),

parts as (
    {{ largest_remainder("shares", "group_id", "whole_pence", "weight_units", "total_units", "place_code") }}
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
    inner join {{ ref("int_supplier__kinds") }} as kind_places
        on groups.kind_no = kind_places.kind_no and kind_places.place_count = 1
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
