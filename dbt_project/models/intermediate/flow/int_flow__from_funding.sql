-- What a payer says it gives, as income of the payee: it joins the account that counts for the payee where that account
-- has not said it itself, so that nothing is in twice; else it stays evidence of the route and counts nowhere.
with said as (
    select distinct
        own.agency_slug,
        own.financial_year,
        own.counterparty_agency,
        own.funding_route,
        nullif(own.funding_stream, 'other') as funding_stream
    from {{ ref("int_flow__own_sums") }} as own
    inner join {{ ref("int_agency__counting_layer") }} as counting
        on own.agency_slug = counting.agency_slug
            and own.financial_year = counting.financial_year
            and own.account_kind = counting.kind
    where own.flow = 'income' and own.amount_gbp <> 0
),

lines as (
    select
        given.* exclude (funding_stream) replace (given.payee_agency as agency_slug),
        case when given.funding_stream is not null then coalesce(streams.funding_stream, 'other') end as funding_stream
    from {{ ref("stg_funding__lines") }} as given
    left join {{ ref("stg_registry__funding_streams") }} as streams
        on lower(given.funding_stream) = streams.stream_key
),

judged as (
    select
        lines.*,
        counting.kind as counting_kind,
        case
            when not coalesce(counting.has_outlays, false) then 'payee_not_returned'
            when exists (
                    select 1
                    from said
                    where
                        said.agency_slug = lines.agency_slug
                        and said.financial_year = lines.financial_year
                        -- The payer by name, or a receipt by this route whose payer is not named.
                        and (
                            said.counterparty_agency = lines.payer_agency
                            or (
                                said.counterparty_agency is null
                                and (said.funding_route in (lines.funding_route, 'unknown'))
                            )
                        )
                        and coalesce(said.funding_stream = nullif(lines.funding_stream, 'other'), true)
                ) then 'said_by_payee'
            -- A net account has taken its own grants off; what finances the whole authority never is in a service.
            when
                coalesce(basis.is_net, false)
                and lines.funding_route not in (
                    'council_tax', 'business_rates', 'precept_levy', 'unringfenced_grant', 'borrowing_reserves'
                ) then 'already_netted'
            else 'counted'
        end as funding_treatment
    from lines
    left join {{ ref("int_agency__counting_layer") }} as counting
        on lines.agency_slug = counting.agency_slug
            and lines.financial_year = counting.financial_year
    left join {{ ref("int_agency__account_basis") }} as basis
        on lines.agency_slug = basis.agency_slug
            and lines.financial_year = basis.financial_year
            and basis.capital_or_revenue = 'all'
)

select
    {{ provenance_columns() }},
    case funding_treatment when 'counted' then counting_kind else kind end as account_kind,
    funding_treatment,
    'accounts' as layer,
    'income' as flow,
    cast(null as varchar) as service_code,
    'unclassified' as classification_grade,
    'income' as economic_type,
    'not_stated' as capital_or_revenue,
    'gross' as expenditure_basis,
    'not_stated' as vat_basis,
    coalesce(funding_route, 'unknown') as funding_route,
    funding_stream,
    'published' as route_grade,
    case when is_ringfenced then 'ringfenced' end as discretion,
    'not_stated' as delivery_mode,
    cast(null as varchar) as transfer_kind,
    cast(null as varchar) as transfer_grade,
    cast(null as varchar) as transfer_rule_id,
    payer_agency as counterparty_agency,
    cast(null as varchar) as counterparty_name,
    'public_body' as payee_class,
    cast(null as varchar) as payee_key,
    cast(null as varchar) as place_code,
    cast(null as varchar) as place_basis,
    cast(null as varchar) as method_grade,
    cast(null as date) as payment_date,
    amount_gbp,
    amount_gbp as amount_as_filed_gbp
from judged
