{{ config(materialized='view') }}
-- Consolidated money with the code that each lens compares agencies by. Service: the counting layer, theme by theme.
-- Purchase category: the transactions layer under the one theme `all`, since themes follow from services and would
-- keep apart what police, fire and councils buy alike. Headline (A-B): recorded for the place or placed by recipient,
-- and the purchase known by more than its payee's name.
select
    'service' as lens,
    place_code,
    financial_year,
    expenditure_basis,
    theme_scheme,
    theme_code,
    service_code as code,
    agency_slug,
    coalesce(method_grade in ('A', 'B'), false) as is_headline,
    discretion,
    attributed_pence as part_pence
from {{ ref("int_count__themed") }}
where is_partition and service_code is not null and classification_grade <> 'unclassified'
union all
select
    'purchase_category' as lens,
    place_code,
    financial_year,
    'gross' as expenditure_basis,
    'all' as theme_scheme,
    'all' as theme_code,
    purchase_category as code,
    agency_slug,
    coalesce(method_grade in ('A', 'B'), false) and purchase_grade in ('A', 'B') as is_headline,
    cast(null as varchar) as discretion,
    cast(purchase_pence as bigint) as part_pence
from {{ ref("int_overlap__purchases") }}
where treatment <> 'eliminated'
