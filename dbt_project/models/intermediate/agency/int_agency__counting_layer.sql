-- The one kind of return that counts for an agency and year: what the registry says for it, else accounts before
-- transactions before budget, and inside accounts the full count before the revenue outturn before benefits. A kind
-- that holds no outlay gives way to one that does. Commitments are promised and not paid: they never count.
with ranked as (
    select
        totals.*,
        overrides.reason as override_reason,
        row_number() over (
            partition by totals.agency_slug, totals.financial_year
            order by
                overrides.agency_slug is not null desc,
                totals.outlay_count > 0 desc,
                case totals.layer when 'accounts' then 1 when 'transactions' then 2 when 'budget' then 3 else 4 end,
                case totals.kind
                    when 'count' then 1
                    when 'service_expenditure' then 2
                    when 'benefits' then 3
                    else 4
                end,
                totals.kind
        ) as precedence
    from {{ ref("int_agency__layer_totals") }} as totals
    left join {{ ref("stg_registry__layer_overrides") }} as overrides
        on totals.agency_slug = overrides.agency_slug
            and totals.financial_year = overrides.financial_year
            and (overrides.layer is null or totals.layer = overrides.layer)
            and (overrides.kind is null or totals.kind = overrides.kind)
    where totals.layer <> 'commitments'
)

select
    agency_slug,
    financial_year,
    layer,
    kind,
    outlay_gbp,
    passed_on_gbp,
    outlay_count > 0 as has_outlays,
    income_count > 0 as has_income,
    override_reason
from ranked
where precedence = 1
