-- The way from the files of an agency and year to its flows: what its returns in service hold, what was taken out, and
-- the lines that belong to another year or body than the return they stand in.
with return_years as (
    select
        revision_id,
        max(financial_year) as return_year
    from {{ ref("stg_intake__returns") }}
    group by revision_id
),

ledger as (
    select
        registered.agency_slug,
        return_years.return_year as financial_year,
        'ledger' as entry,
        ledger.file_gbp,
        coalesce(ledger.accepted_gbp, 0) as accepted_gbp,
        coalesce(ledger.quarantined_gbp, 0) as quarantined_gbp,
        coalesce(ledger.excluded_gbp, 0) as excluded_gbp
    from {{ ref("stg_intake__ledger") }} as ledger
    left join {{ ref("stg_registry__agencies") }} as registered on ledger.agency_slug = registered.agency_slug
    left join return_years on ledger.revision_id = return_years.revision_id
    where ledger.status = 'in_service'
),

repeated as (
    select
        repeated.agency_slug,
        return_years.return_year as financial_year,
        'repeated' as entry,
        repeated.amount_gbp as repeated_gbp
    from {{ ref("stg_intake__repeated_rows") }} as repeated
    left join return_years on repeated.revision_id = return_years.revision_id
),

staged as (
    select
        staged.*,
        -- A return without a year of its own (a register) has that of its lines.
        coalesce(return_years.return_year, staged.financial_year) as return_year
    from {{ ref("int_count__staged_totals") }} as staged
    left join return_years on staged.revision_id = return_years.revision_id
),

entries as (
    select * from ledger
    union all by name
    select * from repeated
    union all by name
    select
        agency_slug,
        return_year as financial_year,
        'staged' as entry,
        case when is_flow then 0 else amount_gbp end as without_flow_gbp,
        case when is_flow then -amount_gbp else 0 end as moved_gbp
    from staged
    union all by name
    select
        receiver_slug as agency_slug,
        financial_year,
        'staged' as entry,
        amount_gbp as moved_gbp
    from staged
    where is_flow
)

select
    coalesce(agency_slug, 'no agency') as agency_slug,
    coalesce(financial_year, 'no year') as financial_year,
    cast(sum(file_gbp) as decimal(18, 2)) as file_gbp,
    cast(sum(accepted_gbp) as decimal(18, 2)) as file_accepted_gbp,
    cast(sum(quarantined_gbp) as decimal(18, 2)) as file_quarantined_gbp,
    cast(sum(excluded_gbp) as decimal(18, 2)) as file_excluded_gbp,
    cast(
        sum(case when file_gbp is null then accepted_gbp + quarantined_gbp + excluded_gbp else 0 end) as decimal(18, 2)
    ) as file_without_tally_gbp,
    cast(coalesce(sum(repeated_gbp), 0) as decimal(18, 2)) as repeated_gbp,
    cast(coalesce(sum(without_flow_gbp), 0) as decimal(18, 2)) as without_flow_gbp,
    cast(coalesce(sum(moved_gbp), 0) as decimal(18, 2)) as moved_gbp
from entries
group by all
