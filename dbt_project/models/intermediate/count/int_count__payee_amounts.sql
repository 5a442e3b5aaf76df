-- What the payee's own counted income says of a transfer, laid beside the one transfer of the pair it fits best, so
-- that no receipt stands beside two. Receipts whose payer lists nothing keep a NULL transfer.
with transfers as (
    select distinct
        place_code,
        financial_year,
        agency_slug as payer_agency,
        counterparty_agency as payee_agency,
        transfer_kind,
        funding_route,
        funding_stream
    from {{ ref("int_count__treated") }}
    where counterparty_agency is not null and transfer_kind is not null
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
)

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
    transfers.payer_agency is not null as is_listed_by_payer
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
            transfers.transfer_kind,
            transfers.funding_stream asc,
            transfers.funding_route asc
    ) = 1
