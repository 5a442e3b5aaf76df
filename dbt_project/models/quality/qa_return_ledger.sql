-- What became of every line and penny of each file; lines of agencies the registry does not know stand together.
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
    cast(sum(ledger.excluded_gbp) as decimal(18, 2)) as excluded_gbp
from {{ ref("stg_intake__ledger") }} as ledger
left join {{ ref("stg_registry__agencies") }} as registered on ledger.agency_slug = registered.agency_slug
group by
    ledger.return_id, ledger.revision_id, ledger.revision_number, ledger.publisher_slug, registered.agency_slug,
    ledger.kind, ledger.period, ledger.file_name, ledger.file_sha256, ledger.status
