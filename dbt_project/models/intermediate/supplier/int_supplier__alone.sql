-- Which suppliers of a payer are divided over places for themselves: those that two payers of one of its places paid the
-- threshold. Where a payer serves several places, all that two payers somewhere paid it, so that what is rounded does not
-- hang on the places.
with ledgers as (
    select
        decisions.ledger_no,
        decisions.agency_slug,
        decisions.financial_year,
        coalesce(bodies.payer_slug, decisions.agency_slug) as payer_slug,
        bool_or(decisions.recorded_place is not null) as has_recorded_places,
        list_distinct(list(decisions.recorded_place)) as recorded_places
    from {{ ref("int_supplier__decisions") }} as decisions
    left join {{ ref("int_supplier__payer_bodies") }} as bodies
        on decisions.agency_slug = bodies.agency_slug
            and decisions.financial_year = bodies.financial_year
    group by all
),

sites as (
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

numbered as (
    select
        sites.ledger_no,
        dense_rank() over (order by sites.place_code, ledgers.financial_year) as site_no,
        dense_rank() over (order by ledgers.financial_year) as year_no,
        dense_rank() over (order by ledgers.payer_slug, ledgers.financial_year) as payer_no,
        ledgers.has_recorded_places or count(*) over (partition by sites.ledger_no) > 1 as has_several
    from sites
    inner join ledgers on sites.ledger_no = ledgers.ledger_no
),

-- Who shares a place with another payer, or serves several: nobody else shares a supplier or is divided.
kinds as (
    select distinct
        decisions.kind_no,
        decisions.ledger_no
    from {{ ref("int_supplier__decisions") }} as decisions
    inner join numbered on decisions.ledger_no = numbered.ledger_no
    where
        exists (from numbered where has_several)
        or numbered.site_no in (select site_no from numbered group by site_no having count(distinct payer_no) > 1)
),

paid as (
    select
        kinds.ledger_no,
        nets.supplier_key,
        sum(greatest(nets.net_pence, 0)) as paid_pence
    from {{ ref("int_supplier__nets") }} as nets
    inner join kinds on nets.kind_no = kinds.kind_no
    where
        nets.supplier_key is not null
        and nets.class_no not in ({{ class_no("redacted") }}, {{ class_no("placeholder") }})
    group by kinds.ledger_no, nets.supplier_key
),

-- A body counts with the one that took over from it.
met as (
    select
        site_no,
        supplier_key
    from (
        select
            numbered.site_no,
            numbered.payer_no,
            paid.supplier_key
        from paid
        inner join numbered on paid.ledger_no = numbered.ledger_no
        group by numbered.site_no, numbered.payer_no, paid.supplier_key
        having sum(paid.paid_pence) >= {{ payer_threshold_pence() }}
    ) as payers
    group by site_no, supplier_key
    having count(*) > 1
),

years as (
    select
        ledgers.year_no,
        paid.supplier_key
    from paid
    inner join (select distinct ledger_no, year_no from numbered) as ledgers on paid.ledger_no = ledgers.ledger_no
    semi join (
        select several.supplier_key
        from paid as several
        semi join (from numbered where has_several) as wide on several.ledger_no = wide.ledger_no
    ) as asked on paid.supplier_key = asked.supplier_key
    where paid.paid_pence >= {{ payer_threshold_pence() }}
    group by ledgers.year_no, paid.supplier_key
    having count(*) > 1
)

select
    paid.ledger_no,
    paid.supplier_key
from paid
inner join numbered on paid.ledger_no = numbered.ledger_no
inner join met
    on numbered.site_no = met.site_no
        and paid.supplier_key = met.supplier_key
union
select
    paid.ledger_no,
    paid.supplier_key
from paid
inner join (from numbered where has_several) as wide on paid.ledger_no = wide.ledger_no
inner join years
    on wide.year_no = years.year_no
        and paid.supplier_key = years.supplier_key
