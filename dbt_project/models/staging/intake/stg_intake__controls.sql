select
    cast(return_id as varchar) as return_id,
    cast(revision_id as varchar) as revision_id,
    cast(financial_year as varchar) as financial_year,
    cast(scope as varchar) as scope,
    cast(control_label as varchar) as control_label,
    cast(printed_gbp as decimal(18, 2)) as printed_gbp,
    cast(summed_gbp as decimal(18, 2)) as summed_gbp,
    cast(tolerance_gbp as decimal(18, 2)) as tolerance_gbp,
    cast(source as varchar) as source
from {{ source('intake', 'controls') }}
