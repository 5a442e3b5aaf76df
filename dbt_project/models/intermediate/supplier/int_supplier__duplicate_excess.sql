-- Excess of possible duplicate payments that counts (D1 and D3; D2 and D4 are for review), by agency and year; what a
-- reviewer rejected is none.
select
    agency_slug,
    financial_year,
    cast(sum({{ pence("excess_gbp") }}) as hugeint) as excess_pence
from {{ ref("mart_possible_duplicate_payments") }}
where status <> 'rejected'
group by agency_slug, financial_year
having sum(excess_gbp) > 0
