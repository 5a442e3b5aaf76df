-- The public body a payee name meant on a date: an exact key, valid that day, and of one body only; the agency it is,
-- where it is one that can make a return. A line without a
-- date is read at the start of its financial year.
with asked as (
    select distinct
        payees.payee_key,
        coalesce(lines.payment_date, {{ year_start("lines.financial_year") }}) as known_date
    from {{ ref("int_flow__ledger_lines") }} as lines
    inner join {{ ref("int_flow__payees") }} as payees on lines.payee_name = payees.payee_name
    where payees.payee_key is not null
)

select
    asked.payee_key,
    asked.known_date,
    min(names.agency_slug) as agency_slug,
    min(names.public_body_id) as public_body_id
from asked
inner join {{ ref("int_agency__names") }} as names
    on asked.payee_key = names.name_key
        and (names.valid_from is null or asked.known_date >= names.valid_from)
        and (names.valid_to is null or asked.known_date < names.valid_to)
group by asked.payee_key, asked.known_date
-- An agency's name is its own before it is that of a body that makes no return.
having
    count(distinct names.agency_slug) = 1
    or (count(names.agency_slug) = 0 and count(distinct names.public_body_id) = 1)
