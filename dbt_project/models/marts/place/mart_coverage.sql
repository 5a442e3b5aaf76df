-- Where what counts comes from, for every agency of the perimeter of every published place and year; the missing
-- ones too.
-- The months of a ledger; of card payments only where no ledger is in, which they would else make look complete.
with months as (
    select
        agency_slug,
        financial_year,
        count(*) filter (where is_expected) as months_expected,
        count(*) filter (where is_expected and line_count > 0) as months_present,
        string_agg(month, ', ' order by month) filter (where month_status = 'missing') as months_missing,
        string_agg(month, ', ' order by month) filter (where month_status = 'partial') as months_partial
    from {{ ref("mart_coverage_by_month") }}
    group by agency_slug, financial_year, kind
    qualify row_number() over (partition by agency_slug, financial_year order by kind = 'spend' desc, kind) = 1
),

periods as (
    select
        revision_id,
        max(agency_slug) as agency_slug,
        max(financial_year) as financial_year
    from {{ ref("stg_intake__returns") }}
    group by revision_id
),

-- Held money belongs to the year of its return: the date on a held line may be the very thing that is wrong.
suspense as (
    select
        coalesce(held.agency_slug, periods.agency_slug) as agency_slug,
        coalesce(periods.financial_year, held.financial_year) as financial_year,
        sum(held.amount_gbp) as suspense_gbp
    from {{ ref("stg_intake__suspense") }} as held
    left join periods on held.revision_id = periods.revision_id
    group by all
),

stated as (
    select
        members.*,
        counting.layer,
        counting.kind,
        case
            when not members.is_in_perimeter then 'not_applicable'
            else {{ coverage_status("counting") }}
        end as coverage_status
    from {{ ref("int_place__members") }} as members
    left join {{ ref("int_agency__counting_layer") }} as counting
        on members.agency_slug = counting.agency_slug
            and members.financial_year = counting.financial_year
            and members.is_in_perimeter
)

select
    stated.agency_slug,
    agencies.agency_name,
    agencies.agency_type,
    stated.place_code,
    stated.financial_year,
    stated.coverage_status,
    stated.is_in_perimeter,
    stated.layer,
    stated.kind,
    -- Accounts speak for the whole year; only a ledger has months to miss.
    cast(case
        when stated.coverage_status = 'not_applicable' then 0
        when stated.coverage_status = 'ledger_only' then months.months_expected
        else 12
    end as integer) as months_expected,
    cast(case stated.coverage_status
        when 'ledger_only' then months.months_present
        when 'returned' then 12
        else 0
    end as integer) as months_present,
    case when stated.coverage_status = 'ledger_only' then months.months_missing end as months_missing,
    case when stated.coverage_status = 'ledger_only' then months.months_partial end as months_partial,
    case stated.coverage_status
        when 'ledger_only'
            then months.months_present < months.months_expected or months.months_partial is not null
        when 'missing' then true
        else false
    end as is_partial,
    cast(coalesce(suspense.suspense_gbp, 0) as decimal(18, 2)) as suspense_gbp,
    'agency' as suspense_scope
from stated
left join {{ ref("stg_registry__agencies") }} as agencies on stated.agency_slug = agencies.agency_slug
left join months
    on stated.agency_slug = months.agency_slug
        and stated.financial_year = months.financial_year
left join suspense
    on stated.agency_slug = suspense.agency_slug
        and stated.financial_year = suspense.financial_year
