-- The money of int_supplier__nets by place (int_supplier__kinds). A supplier of int_supplier__alone is divided for
-- itself, everybody else in one sum by class; what a credit leaves below nought is apart. Only money of a payer of
-- several places is divided at all.
with kinds as (
    select distinct
        kind_no,
        ledger_no,
        transfer_kind is null and counterparty_agency is null as is_bought
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
                and kinds.is_bought then nets.supplier_no
        end as asked_no
    from {{ ref("int_supplier__nets") }} as nets
    inner join kinds on nets.kind_no = kinds.kind_no
    where nets.net_pence <> 0
),

judged as (
    select
        asked.*,
        alone.supplier_no
    from asked
    left join {{ ref("int_supplier__alone") }} as alone
        on asked.ledger_no = alone.ledger_no
            and asked.asked_no = alone.supplier_no
),

groups as (
    select
        kind_no,
        class_no,
        supplier_no,
        net_pence < 0 as is_credit,
        abs(net_pence) as whole_pence
    from judged
    where supplier_no is not null
    union all
    select
        kind_no,
        class_no,
        null as supplier_no,
        net_pence < 0 as is_credit,
        cast(sum(abs(net_pence)) as bigint) as whole_pence
    from judged
    where supplier_no is null
    group by kind_no, class_no, is_credit
),

shares as (
    select
        groups.*,
        kind_places.site_no,
        kind_places.place_code,
        kind_places.method_grade,
        kind_places.weight_units,
        kind_places.total_units,
        hash(groups.kind_no, groups.class_no, groups.supplier_no, groups.is_credit) as group_id
    from groups
    inner join {{ ref("int_supplier__kinds") }} as kind_places
        on groups.kind_no = kind_places.kind_no and kind_places.place_count > 1
),

parts as (
    {{ largest_remainder("shares", "group_id", "whole_pence", "weight_units", "total_units", "place_code") }}
),

united as (
    select * exclude (weight_units, total_units, group_id) replace (cast(part_pence as bigint) as part_pence)
    from parts
    union all by name
    select
        groups.*,
        kind_places.site_no,
        kind_places.place_code,
        kind_places.method_grade,
        groups.whole_pence as part_pence
    from groups
    inner join {{ ref("int_supplier__kinds") }} as kind_places
        on groups.kind_no = kind_places.kind_no and kind_places.place_count = 1
)

select
    kind_no,
    site_no,
    supplier_no,
    class_no,
    method_grade,
    is_credit,
    part_pence,
    whole_pence
from united
where part_pence <> 0 and place_code <> 'UNALLOCATED'
