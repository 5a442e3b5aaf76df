-- Every transfer between public bodies, both sides of it, what was done with it and why. Transfers seen only in a
-- layer that does not count stand here too, undivided (place NOT_ALLOCATED) and with nothing eliminated.
with payee_says as (
    select
        place_code,
        financial_year,
        payer_agency,
        payee_agency,
        transfer_kind,
        funding_route,
        funding_stream,
        sum(payee_pence) as payee_pence
    from {{ ref("int_count__payee_amounts") }}
    where is_listed_by_payer
    group by all
),

counted as (
    select
        place_code,
        financial_year,
        agency_slug as payer_agency,
        counterparty_agency as payee_agency,
        transfer_kind,
        funding_route,
        funding_stream,
        layer,
        kind,
        treatment,
        reason,
        true as is_counting_layer,
        sum(flow_count) as flow_count,
        sum(payer_pence) as payer_pence,
        sum(eliminated_pence) as eliminated_pence
    from {{ ref("int_count__treated") }}
    where transfer_kind is not null
    group by all
),

united as (
    select
        counted.*,
        payee_says.payee_pence
    from counted
    left join payee_says
        on counted.place_code = payee_says.place_code
            and counted.financial_year = payee_says.financial_year
            and counted.payer_agency = payee_says.payer_agency
            and counted.payee_agency = payee_says.payee_agency
            and counted.transfer_kind = payee_says.transfer_kind
            and counted.funding_route = payee_says.funding_route
            and counted.funding_stream is not distinct from payee_says.funding_stream
    union all by name
    select * from {{ ref("int_count__unlisted_receipts") }}
    union all by name
    select * from {{ ref("int_flow__uncounted_transfers") }}
)

select
    united.place_code,
    united.financial_year,
    united.payer_agency,
    payers.agency_name as payer_name,
    united.payee_agency,
    payees.agency_name as payee_name,
    united.transfer_kind,
    united.funding_route,
    united.funding_stream,
    united.layer,
    united.kind,
    cast(united.flow_count as bigint) as flow_count,
    {{ pounds("united.payer_pence") }} as payer_amount_gbp,
    {{ pounds("united.payee_pence") }} as payee_amount_gbp,
    case
        when united.payee_pence is not null
            then {{ pounds("coalesce(united.payer_pence, 0) - united.payee_pence") }}
    end as mismatch_gbp,
    united.treatment,
    united.reason,
    {{ pounds("united.eliminated_pence") }} as eliminated_gbp,
    united.is_counting_layer
from united
left join {{ ref("dim_agency") }} as payers on united.payer_agency = payers.agency_slug
left join {{ ref("dim_agency") }} as payees on united.payee_agency = payees.agency_slug
