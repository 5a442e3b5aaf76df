-- Health, education and social protection (COFOG 07, 09, 10) are between 70% and 80% of a whole place's spend. A flag,
-- no more: only for a full count, and only where what is not classified could not bring the share into the range.
with covered as (
    select
        place_code,
        financial_year,
        -- A whole place has councils, a health commissioner, police and the payer of benefits, and all of them
        -- returned.
        bool_and(coverage_status = 'returned')
        and count(distinct case
            when agency_type in ('la_upper', 'la_lower', 'la_unitary') then 'council'
            when agency_type in ('nhs_commissioner', 'police', 'dwp') then agency_type
        end) = 4 as is_full_count
    from {{ ref("mart_coverage") }}
    where is_in_perimeter
    group by place_code, financial_year
),

spend as (
    select
        place_code,
        financial_year,
        sum(consolidated_pence) as total_pence,
        sum(consolidated_pence) filter (where left(service_code, 2) in ('07', '09', '10')) as people_pence,
        sum(consolidated_pence) filter (where service_code is null) as unclassified_pence
    from {{ ref("int_count__treated") }}
    where place_code <> 'UNALLOCATED'
    group by place_code, financial_year
),

shares as (
    select
        spend.place_code,
        spend.financial_year,
        coalesce(covered.is_full_count, false) as is_full_count,
        {{ pounds("spend.total_pence") }} as consolidated_gbp,
        cast(coalesce(spend.people_pence, 0) as double) / nullif(cast(spend.total_pence as double), 0) as people_share,
        cast(coalesce(spend.unclassified_pence, 0) as double)
        / nullif(cast(spend.total_pence as double), 0) as unclassified_share
    from spend
    left join covered
        on spend.place_code = covered.place_code and spend.financial_year = covered.financial_year
)

select
    *,
    0.7 as range_from,
    0.8 as range_to,
    case
        when not is_full_count or people_share is null then 'not_a_full_count'
        when people_share between 0.7 and 0.8 then 'inside'
        when people_share < 0.7 and people_share + unclassified_share >= 0.7 then 'undecided'
        else 'outside'
    end as whole_place_status
from shares
