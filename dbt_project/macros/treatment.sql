{# The reason of an outlay as if its payee were inside the perimeter, from the facts that int_count__treated gathers. #}
{% macro reason_if_inside() -%}
case
    when {{ is_internal_recharge() }} then 'internal_recharge'
    when transfer_kind in ('collection_on_behalf', 'tax') and counterparty_agency is null
        then 'received by a body not named, spending not returned'
    when transfer_kind in ('collection_on_behalf', 'tax') and is_payee_returned
        then 'collected_for_' || counterparty_agency
    when transfer_kind in ('collection_on_behalf', 'tax')
        then 'received by ' || counterparty_agency || ', spending not returned'
    when transfer_kind is null then 'not_a_transfer'
    when counterparty_agency is null then 'payee_not_named'
    when place_code = 'UNALLOCATED' then 'place_not_allocated'
    when not is_payee_returned then 'payee_not_returned'
    when not is_payee_net or is_listed_gross then 'payee_inside_perimeter'
    when transfer_kind <> 'grant' then 'already_netted'
    when not is_listed_by_name and not is_listed_by_route then 'already_netted'
    else 'payee_inside_perimeter'
end
{%- endmacro %}

{# The reason of an outlay in a perimeter, from its reason as if the payee were inside: only what hangs on the payee being
   inside changes where it is not. #}
{% macro reason_within(is_inside, reason_inside) -%}
case
    when {{ reason_inside }} in ('payee_not_returned', 'payee_inside_perimeter', 'already_netted') and not {{ is_inside }}
        then 'payee_outside_perimeter'
    else {{ reason_inside }}
end
{%- endmacro %}

{# What a reason does to the money: it stays, it is already off the payee's account, or it leaves the payer's spend. #}
{% macro treatment_of(reason) -%}
case
    when {{ reason }} in (
            'not_a_transfer', 'payee_not_named', 'place_not_allocated', 'payee_outside_perimeter', 'payee_not_returned'
        ) then 'stays'
    when {{ reason }} = 'already_netted' then 'already_netted'
    else 'eliminated'
end
{%- endmacro %}

{# CTEs for the consolidation inside the one layer of ledgers: why each row of `rows` (with place_code, financial_year,
   transfer_kind, counterparty_agency) would stay or leave if its payee were inside (`reasoned`, with `is_payee_inside`). A
   ledger prints what was paid, never net of a receipt. #}
{% macro reasoned_among_ledgers(rows) -%}
ledgers as (
    select distinct
        agency_slug,
        financial_year
    from {{ ref("int_agency__layer_totals") }}
    where layer = 'transactions' and outlay_count > 0
),

facts as (
    select
        {{ rows }}.*,
        perimeter.agency_slug is not null as is_payee_inside,
        ledgers.agency_slug is not null as is_payee_returned,
        false as is_payee_net,
        false as is_listed_gross,
        false as is_listed_by_name,
        false as is_listed_by_route
    from {{ rows }}
    left join {{ ref("int_place__perimeter") }} as perimeter
        on {{ rows }}.place_code = perimeter.place_code
            and {{ rows }}.financial_year = perimeter.financial_year
            and {{ rows }}.counterparty_agency = perimeter.agency_slug
    left join ledgers
        on {{ rows }}.counterparty_agency = ledgers.agency_slug
            and {{ rows }}.financial_year = ledgers.financial_year
),

reasoned as (
    select
        *,
        {{ reason_if_inside() }} as reason_inside
    from facts
)
{%- endmacro %}
