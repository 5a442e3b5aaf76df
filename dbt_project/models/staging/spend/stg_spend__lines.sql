select
    {{ money_line_columns() }},
    cast(payment_date as date) as payment_date,
    nullif(trim(payee_name), '') as payee_name,
    nullif(trim(payee_identifier), '') as payee_identifier,
    nullif(trim(reference), '') as reference,
    nullif(trim(description), '') as description,
    nullif(trim(expense_type), '') as expense_type,
    nullif(trim(expense_area), '') as expense_area,
    nullif(trim(department), '') as department,
    nullif(trim(merchant_category), '') as merchant_category,
    nullif(trim(place_code), '') as place_code
from {{ counted_rows('spend') }}
