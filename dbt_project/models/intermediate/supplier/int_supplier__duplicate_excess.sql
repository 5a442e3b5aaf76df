-- Excess of possible duplicate payments that counts (D1 and D3; D2 and D4 are for review), by agency and year.
select
    cast(null as varchar) as agency_slug,
    cast(null as varchar) as financial_year,
    cast(null as hugeint) as excess_pence
where false
