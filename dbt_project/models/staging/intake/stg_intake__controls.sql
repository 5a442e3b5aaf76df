select
    return_id,
    revision_id,
    financial_year,
    scope,
    control_label,
    cast(printed_gbp as decimal(18, 2)) as printed_gbp,
    cast(summed_gbp as decimal(18, 2)) as summed_gbp,
    cast(tolerance_gbp as decimal(18, 2)) as tolerance_gbp,
    source
from {{ source('intake', 'controls') }}
