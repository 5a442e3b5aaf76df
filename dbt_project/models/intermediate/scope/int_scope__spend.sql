-- The consolidation of each scope: the treated rows of its places, where a payment to a body outside the place but
-- inside the scope is judged as inside. A place that lies in several scopes of one geography is divided first, by
-- largest remainder, row by row.
with money as (
    select
        place_code,
        financial_year,
        agency_slug,
        capital_or_revenue,
        expenditure_basis,
        place_basis,
        method_grade,
        driver,
        driver_vintage,
        treatment = 'eliminated' as is_eliminated,
        case when reason = 'payee_outside_perimeter' then counterparty_agency end as outside_payee,
        case when reason = 'payee_outside_perimeter' then transfer_kind end as outside_kind,
        case when reason = 'payee_outside_perimeter' then funding_route end as outside_route,
        case when reason = 'payee_outside_perimeter' then funding_stream end as outside_stream,
        reason = 'payee_outside_perimeter' and {{ treatment_of("reason_inside") }} = 'eliminated'
            as is_eliminated_inside,
        cast(sum(amount_pence) as hugeint) as money_pence
    from {{ ref("int_count__treated") }}
    group by all
),

numbered as (
    select
        *,
        row_number() over () as money_id
    from money
),

scoped as (
    select
        money.*,
        scopes.* exclude (place_code, financial_year)
    from numbered as money
    inner join {{ ref("int_scope__places") }} as scopes
        on money.place_code = scopes.place_code
            and money.financial_year = scopes.financial_year
),

divided as (
    {{ largest_remainder(
        "(select * from scoped where weight_units <> total_units)", "scope_kind, money_id", "money_pence",
        "weight_units", "total_units", "scope_code"
    ) }}
),

parts as (
    select * replace (case when method_grade = 'E' then 'E' else 'D' end as method_grade)
    from divided
    union all by name
    select
        *,
        money_pence as part_pence
    from scoped
    where weight_units = total_units
),

-- Nothing negative is eliminated: a transfer whose credits are the larger part stays as it is.
judged as (
    select
        parts.*,
        parts.is_eliminated_inside
        and inside.agency_slug is not null
        and sum(parts.part_pence) over transfer >= 0 as is_newly_internal
    from parts
    left join {{ ref("int_scope__perimeter") }} as inside
        on parts.scope_kind = inside.scope_kind
            and parts.scope_code = inside.scope_code
            and parts.financial_year = inside.financial_year
            and parts.outside_payee = inside.agency_slug
    window transfer as (
        partition by
            parts.scope_kind, parts.scope_code, parts.financial_year, parts.agency_slug, parts.outside_payee,
            parts.outside_kind, parts.outside_route, parts.outside_stream, parts.capital_or_revenue,
            parts.expenditure_basis, parts.place_basis, parts.method_grade, parts.is_eliminated_inside
    )
)

select
    scope_kind,
    scope_code,
    financial_year,
    agency_slug,
    capital_or_revenue,
    expenditure_basis,
    place_basis,
    method_grade,
    {{ distinct_texts("driver") }} as driver,
    {{ distinct_texts("driver_vintage") }} as driver_vintage,
    {{ distinct_texts("place_code") }} as place_codes,
    {{ distinct_texts("restated_by") }} as restated_by,
    {{ distinct_texts("restated_vintage") }} as restated_vintage,
    sum(part_pence) as aggregate_pence,
    sum(case when is_eliminated or is_newly_internal then part_pence else 0 end) as eliminated_pence,
    sum(case when is_eliminated or is_newly_internal then 0 else part_pence end) as consolidated_pence,
    sum(case when is_newly_internal then part_pence else 0 end) as newly_internal_pence
from judged
group by
    scope_kind, scope_code, financial_year, agency_slug, capital_or_revenue, expenditure_basis, place_basis,
    method_grade
