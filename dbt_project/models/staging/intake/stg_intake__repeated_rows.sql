select
    cast(flow_id as varchar) as flow_id,
    cast(kind as varchar) as kind,
    cast(revision_id as varchar) as revision_id,
    cast(agency_slug as varchar) as agency_slug,
    cast(financial_year as varchar) as financial_year,
    cast(sheet_name as varchar) as sheet_name,
    cast(row_number as integer) as row_number,
    cast(amount_gbp as decimal(18, 2)) as amount_gbp,
    cast(counted_flow_id as varchar) as counted_flow_id,
    cast(counted_revision_id as varchar) as counted_revision_id,
    cast(counted_sheet_name as varchar) as counted_sheet_name,
    cast(counted_row_number as integer) as counted_row_number
from {{ source('intake', 'repeated_rows') }}
