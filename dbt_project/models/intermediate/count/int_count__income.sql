-- Resources of a place: counted income, and what a collector passes on (negative). Internal is the money that only
-- moves between bodies of the perimeter: a receipt beside a transfer that was eliminated, netted or passed on.
with left_transfers as (
    select distinct
        place_code,
        financial_year,
        agency_slug as payer_agency,
        counterparty_agency as payee_agency,
        transfer_kind,
        funding_route,
        funding_stream
    from {{ ref("int_count__treated") }}
    where treatment in ('eliminated', 'already_netted') and counterparty_agency is not null
),

internal_receipts as (
    select says.*
    from {{ ref("int_count__payee_amounts") }} as says
    inner join left_transfers
        on says.place_code = left_transfers.place_code
            and says.financial_year = left_transfers.financial_year
            and says.payer_agency = left_transfers.payer_agency
            and says.payee_agency = left_transfers.payee_agency
            and says.transfer_kind is not distinct from left_transfers.transfer_kind
            and says.funding_route = left_transfers.funding_route
            and says.funding_stream is not distinct from left_transfers.funding_stream
    where says.is_listed_by_payer
),

collected_for as (
    select distinct
        place_code,
        financial_year,
        payee_agency
    from left_transfers
    where transfer_kind in ('collection_on_behalf', 'tax')
),

received as (
    select
        income.*,
        'received' as income_entry,
        income.amount_pence as income_pence,
        (
            internal_receipts.payer_agency is not null
            -- A precept whose payer the receiver does not name, collected by a body of the perimeter.
            or (
                income.counterparty_agency is null
                and (
                    income.funding_route = 'precept_levy' or coalesce(income.transfer_kind, '') = 'collection_on_behalf'
                )
                and collected_for.payee_agency is not null
            )
        ) as is_internal
    from {{ ref("int_place__allocated") }} as income
    left join internal_receipts
        on income.place_code = internal_receipts.place_code
            and income.financial_year = internal_receipts.financial_year
            and income.counterparty_agency = internal_receipts.payer_agency
            and income.agency_slug = internal_receipts.payee_agency
            and income.transfer_kind is not distinct from internal_receipts.receipt_transfer_kind
            and income.funding_route = internal_receipts.receipt_funding_route
            and income.funding_stream is not distinct from internal_receipts.receipt_funding_stream
    left join collected_for
        on income.place_code = collected_for.place_code
            and income.financial_year = collected_for.financial_year
            and income.agency_slug = collected_for.payee_agency
    where income.flow = 'income'
),

passed_on as (
    select
        treated.* exclude (
            treatment, reason, is_payee_inside, is_payee_returned, eliminated_pence, consolidated_pence, payer_pence
        ),
        'passed_on' as income_entry,
        -treated.amount_pence as income_pence,
        treated.is_payee_inside and treated.is_payee_returned as is_internal
    from {{ ref("int_count__treated") }} as treated
    inner join {{ ref("int_agency__counting_layer") }} as collector
        on treated.agency_slug = collector.agency_slug
            and treated.financial_year = collector.financial_year
            and collector.has_income
    where treated.transfer_kind = 'collection_on_behalf' and treated.treatment <> 'received'
),

-- Tax and collections that came back as a net credit: money received, not negative spending.
credited as (
    select
        * exclude (
            treatment, reason, is_payee_inside, is_payee_returned, eliminated_pence, consolidated_pence, payer_pence
        ),
        'credited' as income_entry,
        -payer_pence as income_pence,
        reason = 'net_credit_inside_the_body' or (is_payee_inside and is_payee_returned) as is_internal
    from {{ ref("int_count__treated") }}
    where treatment = 'received'
),

united as (
    select * from received
    union all by name
    select * from passed_on
    union all by name
    select * from credited
)

select
    place_code,
    financial_year,
    agency_slug,
    layer,
    kind,
    income_entry,
    capital_or_revenue,
    expenditure_basis,
    method_grade,
    case
        when income_entry = 'passed_on' and funding_route = 'unknown' then 'precept_levy'
        else funding_route
    end as funding_route,
    funding_stream,
    case when income_entry = 'passed_on' then agency_slug else counterparty_agency end as named_origin,
    route_grade,
    discretion,
    delivery_mode,
    transfer_kind,
    counterparty_agency,
    is_internal,
    flow_count,
    cast(income_pence as bigint) as income_pence
from united
where counterparty_agency is distinct from agency_slug or income_entry <> 'passed_on'
