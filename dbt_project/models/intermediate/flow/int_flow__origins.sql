-- Where lines of payment come from, once each: the return revision, agency, year and sheet (and the place, where lines
-- say one), with the hash by which a line knows its origin.
select
    origin_no,
    -- One agency in one year.
    cast(dense_rank() over (order by agency_slug, financial_year) as integer) as ledger_no,
    -- What the ids of its lines begin with (ingest.lake.flow_prefix); the rest of an id is the cell.
    left(
        sha256(
            return_id || chr(31) || coalesce(agency_slug, 'None') || chr(31) || coalesce(sheet_name, 'None')
        ), 16
    ) || '-' as flow_prefix,
    return_id,
    revision_id,
    publisher_slug,
    agency_slug,
    kind,
    period,
    financial_year,
    file_name,
    file_sha256,
    sheet_name,
    cast(published_as_at as timestamp) as published_as_at,
    cast(landed_at as timestamp) as landed_at,
    place_code
from {{ source("lake", "ledger_origins") }}
