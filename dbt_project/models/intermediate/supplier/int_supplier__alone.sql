-- Which suppliers of a payer are divided over places for themselves: those that two payers of one of its places paid
-- the threshold; of a payer of several places, those that two payers anywhere paid it.
with ledgers as (
    select
        decisions.ledger_no,
        decisions.agency_slug,
        decisions.financial_year,
        coalesce(bodies.payer_slug, decisions.agency_slug) as payer_slug,
        list_distinct(list(decisions.recorded_place)) as recorded_places
    from {{ ref("int_supplier__decisions") }} as decisions
    left join {{ ref("int_supplier__payer_bodies") }} as bodies
        on decisions.agency_slug = bodies.agency_slug
            and decisions.financial_year = bodies.financial_year
    group by all
),

placed as (
    select
        ledgers.ledger_no,
        weights.place_code
    from ledgers
    inner join {{ ref("int_agency__place_weights") }} as weights
        on ledgers.agency_slug = weights.agency_slug
            and ledgers.financial_year = weights.financial_year
    union
    select
        ledger_no,
        unnest(recorded_places) as place_code
    from ledgers
),

-- A body counts with the one that took over from it.
sites as (
    select
        placed.ledger_no,
        ledgers.financial_year,
        dense_rank() over (order by placed.place_code, ledgers.financial_year) as site_no,
        dense_rank() over (order by ledgers.payer_slug, ledgers.financial_year) as payer_no,
        len(ledgers.recorded_places) > 0 or count(*) over (partition by placed.ledger_no) > 1 as has_several
    from placed
    inner join ledgers on placed.ledger_no = ledgers.ledger_no
),

met_sites as (
    select site_no from sites
    group by site_no
    having count(distinct payer_no) > 1
),

-- Nobody else shares a supplier; but what a payer of several places paid may be shared with anyone.
asked as (
    select distinct
        decisions.kind_no,
        decisions.ledger_no
    from {{ ref("int_supplier__decisions") }} as decisions
    inner join sites on decisions.ledger_no = sites.ledger_no
    where
        sites.site_no in (select met_sites.site_no from met_sites)
        or true in (select several.has_several from sites as several)
),

paid as (
    select
        asked.ledger_no,
        nets.supplier_no,
        sum(greatest(nets.net_pence, 0)) as paid_pence
    from {{ ref("int_supplier__nets") }} as nets
    inner join asked on nets.kind_no = asked.kind_no
    where nets.supplier_no is not null and nets.class_no not in ({{ withheld_class_nos() }})
    group by asked.ledger_no, nets.supplier_no
),

payers as (
    select
        sites.site_no,
        sites.payer_no,
        paid.supplier_no
    from paid
    inner join sites on paid.ledger_no = sites.ledger_no
    group by sites.site_no, sites.payer_no, paid.supplier_no
    having sum(paid.paid_pence) >= {{ payer_threshold_pence() }}
),

met as (
    select
        site_no,
        supplier_no
    from payers
    group by all
    having count(*) > 1
),

wide as (
    select distinct
        paid.ledger_no,
        paid.supplier_no,
        sites.financial_year
    from paid
    inner join sites on paid.ledger_no = sites.ledger_no and sites.has_several
),

years as (
    select
        sites.financial_year,
        paid.supplier_no
    from paid
    inner join sites on paid.ledger_no = sites.ledger_no
    where paid.paid_pence >= {{ payer_threshold_pence() }} and paid.supplier_no in (select wide.supplier_no from wide)
    group by sites.financial_year, paid.supplier_no
    having count(distinct paid.ledger_no) > 1
)

select
    paid.ledger_no,
    paid.supplier_no
from paid
inner join sites on paid.ledger_no = sites.ledger_no
inner join met on sites.site_no = met.site_no and paid.supplier_no = met.supplier_no
union
select
    wide.ledger_no,
    wide.supplier_no
from wide
inner join years on wide.financial_year = years.financial_year and wide.supplier_no = years.supplier_no
