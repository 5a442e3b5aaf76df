-- What the payee's own counted income says of a transfer, laid beside the one transfer of the pair it fits best, so
-- that no receipt stands beside two. Receipts whose payer lists nothing keep a NULL transfer.
with transfers as (
    select
        place_code,
        financial_year,
        agency_slug as payer_agency,
        counterparty_agency as payee_agency,
        transfer_kind,
        funding_route,
        funding_stream,
        bool_or(is_kind_stated) as is_kind_stated
    from {{ ref("int_count__treated") }}
    where counterparty_agency is not null and transfer_kind is not null
    group by all
),

receipts as (
    select
        place_code,
        financial_year,
        counterparty_agency as payer_agency,
        agency_slug as payee_agency,
        transfer_kind,
        funding_route,
        funding_stream,
        sum(amount_pence) as payee_pence
    from {{ ref("int_place__allocated") }}
    where flow = 'income' and counterparty_agency is not null
    group by all
),

paired as (
    select
        receipts.place_code,
        receipts.financial_year,
        receipts.payer_agency,
        receipts.payee_agency,
        receipts.transfer_kind as receipt_transfer_kind,
        receipts.funding_route as receipt_funding_route,
        receipts.funding_stream as receipt_funding_stream,
        receipts.payee_pence,
        transfers.transfer_kind,
        transfers.funding_route,
        transfers.funding_stream,
        transfers.payer_agency is not null as is_listed_by_payer,
        coalesce(transfers.is_kind_stated and receipts.transfer_kind <> transfers.transfer_kind, false) as is_other_kind
    from receipts
    left join transfers
        on receipts.place_code = transfers.place_code
            and receipts.financial_year = transfers.financial_year
            and receipts.payer_agency = transfers.payer_agency
            and receipts.payee_agency = transfers.payee_agency
    qualify row_number() over (
            partition by
                receipts.place_code, receipts.financial_year, receipts.payer_agency, receipts.payee_agency,
                receipts.transfer_kind, receipts.funding_route, receipts.funding_stream
            order by
                (receipts.transfer_kind is not distinct from transfers.transfer_kind) desc,
                (receipts.funding_stream is not distinct from transfers.funding_stream) desc,
                (receipts.funding_route is not distinct from transfers.funding_route) desc,
                -- A receipt that says no kind: a precept belongs to what was collected for it, the rest to the rest.
                (
                    (receipts.funding_route = 'precept_levy') = (transfers.transfer_kind = 'collection_on_behalf')
                ) desc,
                transfers.transfer_kind,
                transfers.funding_stream asc,
                transfers.funding_route asc
        ) = 1
),

compared as (
    select
        *,
        bool_or(not is_other_kind) over transfer as is_transfer_fitted
    from paired
    window transfer as (
        partition by
            place_code, financial_year, payer_agency, payee_agency, transfer_kind, funding_route, funding_stream
    )
),

-- A receipt of another kind than the payer states stands beside the transfer only where nothing fits it better.
judged as (
    select
        *,
        is_listed_by_payer
        and not (
            is_other_kind and is_transfer_fitted and place_code <> 'UNALLOCATED' and payer_agency <> payee_agency
        ) as is_beside
    from compared
)

select
    place_code,
    financial_year,
    payer_agency,
    payee_agency,
    receipt_transfer_kind,
    receipt_funding_route,
    receipt_funding_stream,
    payee_pence,
    case when is_beside then transfer_kind end as transfer_kind,
    case when is_beside then funding_route end as funding_route,
    case when is_beside then funding_stream end as funding_stream,
    is_beside as is_listed_by_payer
from judged
