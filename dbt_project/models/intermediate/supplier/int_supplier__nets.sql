-- What an agency paid a supplier in a year, credits netted, undivided over places; below nought it is floored and what
-- was floored kept. Transfers to other bodies stand by receiver and kind, because some of them leave the place's
-- spend. Only a supplier that two agencies somewhere paid the threshold is divided for itself.
with summed as (
    select
        paid.agency_slug,
        paid.financial_year,
        paid.resolved_supplier_id,
        paid.recorded_place,
        paid.recorded_grade,
        paid.transfer_kind,
        paid.counterparty_agency,
        case
            when paid.payee_class in ('redacted', 'placeholder') then paid.payee_class
            when paid.resolved_supplier_id is null then 'no_payee'
            when classes.supplier_class = 'charity' then 'charity'
            when paid.payee_class = 'public_body' then 'public_body'
            else coalesce(classes.supplier_class, 'unclassified')
        end as supplier_class,
        sum(paid.payment_count) as payment_count,
        cast(sum(paid.paid_pence) as hugeint) as net_pence
    from {{ ref("int_supplier__paid") }} as paid
    left join {{ ref("int_supplier__classes") }} as classes
        on paid.resolved_supplier_id = classes.resolved_supplier_id
    group by all
),

by_agency as (
    select
        financial_year,
        resolved_supplier_id,
        agency_slug,
        sum(net_pence) as agency_pence
    from summed
    where resolved_supplier_id is not null and supplier_class not in ('redacted', 'placeholder')
    group by financial_year, resolved_supplier_id, agency_slug
    having sum(greatest(net_pence, 0)) >= {{ payer_threshold_pence() }}
),

shared as (
    select
        financial_year,
        resolved_supplier_id
    from by_agency
    group by financial_year, resolved_supplier_id
    having count(*) > 1
)

select
    summed.*,
    greatest(summed.net_pence, 0) as spend_pence,
    greatest(-summed.net_pence, 0) as credit_pence,
    shared.resolved_supplier_id is not null
    and summed.supplier_class in ('charity', 'company', 'unclassified')
    and summed.transfer_kind is null
    and summed.counterparty_agency is null as is_divided_alone
from summed
left join shared
    on summed.financial_year = shared.financial_year
        and summed.resolved_supplier_id = shared.resolved_supplier_id
