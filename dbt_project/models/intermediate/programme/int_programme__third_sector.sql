-- Consolidated grants and contracts to charities by theme. Charities are those the return says (delivery mode), payees
-- with a charity's register number or name, and third-sector agencies. Divided over themes as all money is.
with paid as (
    select
        treated.place_code,
        treated.financial_year,
        treated.agency_slug,
        treated.capital_or_revenue,
        treated.expenditure_basis,
        treated.service_code,
        case
            when treated.delivery_mode = 'grant_third_sector' then 'grant'
            when treated.delivery_mode = 'contract_third_sector' then 'contract'
            when treated.economic_type = 'grant' then 'grant'
            else 'not_stated'
        end as form,
        cast(sum(treated.consolidated_pence) as hugeint) as money_pence
    from {{ ref("int_count__treated") }} as treated
    left join {{ ref("stg_registry__agencies") }} as payees on treated.counterparty_agency = payees.agency_slug
    where
        treated.treatment <> 'eliminated'
        and (
            treated.delivery_mode in ('grant_third_sector', 'contract_third_sector')
            or treated.payee_class = 'charity'
            or coalesce(payees.agency_type = 'third_sector', false)
        )
    group by all
),

numbered as (
    select
        *,
        row_number() over () as money_id
    from paid
),

shares as (
    select
        numbered.*,
        themes.theme_code,
        themes.weight_units,
        themes.total_units
    from numbered
    inner join {{ ref("int_count__service_themes") }} as themes
        on numbered.service_code is not distinct from themes.service_code
            and themes.theme_scheme = {{ programme_scheme() }}
),

divided as (
    {{ largest_remainder("shares", "money_id", "money_pence", "weight_units", "total_units", "theme_code") }}
)

select
    place_code,
    financial_year,
    theme_code,
    agency_slug,
    capital_or_revenue,
    expenditure_basis,
    form,
    cast(sum(part_pence) as hugeint) as third_sector_pence
from divided
where part_pence <> 0
group by place_code, financial_year, theme_code, agency_slug, capital_or_revenue, expenditure_basis, form
