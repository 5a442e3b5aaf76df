-- The cells a barrier stands before: the theme it names or, where it names none, every theme of the place. Each cell
-- once for a type of barrier, however many report it.
select distinct
    reports.place_code,
    reports.financial_year,
    reports.reported_type as barrier_type,
    cells.theme_scheme,
    cells.theme_code
from {{ ref("int_programme__culture_reports") }} as reports
inner join {{ ref("int_programme__theme_money") }} as cells
    on reports.place_code = cells.place_code
        and reports.financial_year = cells.financial_year
        and (reports.theme_code is null or reports.theme_code = cells.theme_code)
where reports.report_kind = 'barrier'
