-- Texts are tidy in the lake: intake squeezes white space and leaves no empty text.
select
    {{ money_line_columns() }},
    cast(payment_date as date) as payment_date,
    payee_name,
    payee_identifier,
    reference,
    description,
    expense_type,
    expense_area,
    department,
    merchant_category,
    place_code
from {{ counted_rows('spend') }}
