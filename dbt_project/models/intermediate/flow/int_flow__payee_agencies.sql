-- The public body a payee name meant on the days it was paid. A line without a date is read at the start of its
-- financial year.
with asked as (
    select distinct
        payees.payee_key,
        payees.name_no,
        coalesce(lines.payment_date, {{ year_start("origins.financial_year") }}) as known_date
    from {{ ref("int_flow__lines") }} as lines
    inner join {{ ref("int_flow__payees") }} as payees on lines.payee_no = payees.payee_no
    inner join {{ ref("int_flow__origins") }} as origins on lines.origin_no = origins.origin_no
    where payees.name_no is not null
)

select
    asked.payee_key,
    asked.known_date,
    bodies.agency_slug,
    bodies.public_body_id
from asked
inner join {{ ref("int_flow__named_bodies") }} as bodies
    on asked.name_no = bodies.name_no
        and asked.known_date >= bodies.from_date
        and asked.known_date < bodies.to_date
