select
    {{ money_line_columns() }},
    nullif(trim(line_label), '') as line_label,
    nullif(trim(line_key), '') as line_key,
    nullif(trim(measure), '') as measure
from {{ source('lake', 'service_expenditure') }}
