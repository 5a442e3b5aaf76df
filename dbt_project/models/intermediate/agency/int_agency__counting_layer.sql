-- The one kind of return that counts for an agency and year: accounts before transactions before budget, and inside
-- accounts the full count before the revenue outturn before benefits. A kind that holds no outlay gives way to one
-- that does.
with ranked as (
    select
        *,
        row_number() over (
            partition by agency_slug, financial_year
            order by
                outlay_count > 0 desc,
                case layer when 'accounts' then 1 when 'transactions' then 2 when 'budget' then 3 else 4 end,
                case kind when 'count' then 1 when 'service_expenditure' then 2 when 'benefits' then 3 else 4 end,
                kind
        ) as precedence
    from {{ ref("int_agency__layer_totals") }}
    where layer <> 'commitments'
)

select
    agency_slug,
    financial_year,
    layer,
    kind,
    outlay_gbp,
    passed_on_gbp,
    outlay_count > 0 as has_outlays,
    income_count > 0 as has_income
from ranked
where precedence = 1
