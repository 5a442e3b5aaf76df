-- The months in which an agency's card bills repeat lines of its card return: the month of the lines and the next.
with months as (
    select distinct
        agency_slug,
        kind,
        date_trunc('month', payment_date) as card_month
    from {{ ref("stg_procurement_card__lines") }}
    where payment_date is not null
)

select
    agency_slug,
    kind,
    cast(card_month as date) as bill_month
from months
union
select
    agency_slug,
    kind,
    cast(card_month + interval 1 month as date) as bill_month
from months
