-- Where lines of payment come from, once each: the return revision, agency, year and sheet (and the place, where lines
-- say one), with a number by which a line knows its origin.
{% set columns = [
    "return_id", "revision_id", "publisher_slug", "agency_slug", "kind", "period", "financial_year", "file_name",
    "file_sha256", "sheet_name", "published_as_at", "landed_at", "place_code"
] %}
with origins as (
    select distinct {{ columns | join(", ") }}
    from {{ ref("int_flow__ledger_lines") }}
)

select
    cast(row_number() over (order by {{ columns | join(", ") }}) as integer) as origin_no,
    -- One agency in one year: rules of classification are asked once for each.
    cast(dense_rank() over (order by agency_slug, financial_year) as integer) as ledger_no,
    hash(revision_id, agency_slug, financial_year, sheet_name, place_code) as origin_hash,
    -- What the ids of its lines begin with (ingest.lake.flow_prefix); the rest of an id is the cell.
    left(
        sha256(
            return_id || chr(31) || coalesce(agency_slug, 'None') || chr(31) || coalesce(sheet_name, 'None')
        ), 16
    ) || '-' as flow_prefix,
    {{ columns | join(",\n    ") }}
from origins
