-- Whether a tier could be looked at, per payer and year: without references the tiers that compare them are not
-- evaluable, which is not nought.
with tiers as (
    select unnest(['D1', 'D2', 'D3', 'D4']) as tier
),

needs as (
    select
        ledgers.*,
        tiers.tier,
        if(tiers.tier = 'D2', ledgers.with_date_count, ledgers.with_reference_count) as evaluable_count
    from {{ ref("int_payment__ledgers") }} as ledgers
    cross join tiers
),

found as (
    select
        agency_slug,
        financial_year,
        tier,
        count(*) as group_count,
        sum(excess_gbp + review_gbp) as found_gbp
    from {{ ref("mart_possible_duplicate_payments") }}
    group by agency_slug, financial_year, tier
)

select
    needs.agency_slug,
    needs.financial_year,
    needs.tier,
    case when needs.evaluable_count > 0 then 'evaluated' else 'not_evaluable' end as state,
    case
        when needs.with_supplier_count = 0 then 'no line names a supplier'
        when needs.evaluable_count = 0 and needs.tier = 'D2' then 'no line has a date'
        when needs.evaluable_count = 0 then 'no line has a reference'
        when needs.evaluable_count < needs.line_count
            then
                needs.line_count - needs.evaluable_count || ' of ' || needs.line_count
                || ' lines lack a supplier or a '
                || if(needs.tier = 'D2', 'date', 'reference') || ' and are not looked at'
    end as reason,
    needs.line_count,
    needs.evaluable_count,
    case when needs.evaluable_count > 0 then coalesce(found.group_count, 0) end as group_count,
    cast(case when needs.evaluable_count > 0 then coalesce(found.found_gbp, 0) end as decimal(18, 2)) as found_gbp
from needs
left join found
    on needs.agency_slug = found.agency_slug
        and needs.financial_year = found.financial_year
        and needs.tier = found.tier
