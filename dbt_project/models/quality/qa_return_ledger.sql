-- What became of every line and penny of each file; lines of agencies the registry does not know stand together.
with repeated as (
    select
        revision_id,
        agency_slug,
        count(*) as repeated_count,
        sum(amount_gbp) as repeated_gbp
    from {{ ref("stg_intake__repeated_rows") }}
    group by revision_id, agency_slug
)

select
    ledger.return_id,
    ledger.revision_id,
    ledger.revision_number,
    ledger.publisher_slug,
    registered.agency_slug,
    ledger.kind,
    ledger.period,
    ledger.file_name,
    ledger.file_sha256,
    ledger.status,
    cast(sum(ledger.row_count) as bigint) as row_count,
    cast(sum(ledger.accepted_count) as bigint) as accepted_count,
    cast(sum(ledger.quarantined_count) as bigint) as quarantined_count,
    cast(sum(ledger.excluded_count) as bigint) as excluded_count,
    cast(sum(ledger.file_gbp) as decimal(18, 2)) as file_gbp,
    cast(sum(ledger.accepted_gbp) as decimal(18, 2)) as accepted_gbp,
    cast(sum(ledger.quarantined_gbp) as decimal(18, 2)) as quarantined_gbp,
    cast(sum(ledger.excluded_gbp) as decimal(18, 2)) as excluded_gbp,
    cast(coalesce(sum(repeated.repeated_count), 0) as bigint) as repeated_count,
    cast(coalesce(sum(repeated.repeated_gbp), 0) as decimal(18, 2)) as repeated_gbp
from {{ ref("stg_intake__ledger") }} as ledger
left join {{ ref("stg_registry__agencies") }} as registered on ledger.agency_slug = registered.agency_slug
left join repeated on ledger.revision_id = repeated.revision_id and ledger.agency_slug = repeated.agency_slug
group by
    ledger.return_id, ledger.revision_id, ledger.revision_number, ledger.publisher_slug, registered.agency_slug,
    ledger.kind, ledger.period, ledger.file_name, ledger.file_sha256, ledger.status
