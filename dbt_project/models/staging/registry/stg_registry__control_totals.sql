select
    control_id,
    kind,
    financial_year,
    scope,
    control_label,
    cast(value_gbp as decimal(18, 2)) as value_gbp,
    cast(tolerance_gbp as decimal(18, 2)) as tolerance_gbp,
    source,
    vintage,
    other_vintage_of
from {{ ref("seed_control_totals") }}
