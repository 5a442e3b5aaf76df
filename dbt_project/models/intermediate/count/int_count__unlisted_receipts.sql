-- Receipts from a counting body of the perimeter that its own return does not list: a mismatch with one side only.
select
    says.place_code,
    says.financial_year,
    says.payer_agency,
    says.payee_agency,
    says.receipt_transfer_kind as transfer_kind,
    says.receipt_funding_route as funding_route,
    says.receipt_funding_stream as funding_stream,
    payer.layer,
    payer.kind,
    'not_recorded_by_payer' as treatment,
    'payer_does_not_list_it' as reason,
    true as is_counting_layer,
    0 as flow_count,
    cast(null as hugeint) as payer_pence,
    0 as eliminated_pence,
    says.payee_pence
from {{ ref("int_count__payee_amounts") }} as says
inner join {{ ref("int_place__perimeter") }} as perimeter
    on says.place_code = perimeter.place_code
        and says.financial_year = perimeter.financial_year
        and says.payer_agency = perimeter.agency_slug
inner join {{ ref("int_agency__counting_layer") }} as payer
    on says.payer_agency = payer.agency_slug
        and says.financial_year = payer.financial_year
where not says.is_listed_by_payer and says.payer_agency <> says.payee_agency
