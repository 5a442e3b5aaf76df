-- What stands in the way of working together, place by place, and the money behind it. The money of two barriers is
-- often the same money: it is summed over cells in mart_culture_barrier_cells, never over this table.
{{ culture_measures("barrier") }},

money as (
    select
        barriers.place_code,
        barriers.financial_year,
        barriers.barrier_type,
        sum(cells.consolidated_pence) as consolidated_pence,
        {{ basis_of("cells.expenditure_basis") }} as expenditure_basis,
        count(distinct cells.theme_code) as cell_count
    from {{ ref("int_programme__barrier_cells") }} as barriers
    inner join {{ ref("int_programme__theme_money") }} as cells
        on barriers.place_code = cells.place_code
            and barriers.financial_year = cells.financial_year
            and barriers.theme_code = cells.theme_code
    group by barriers.place_code, barriers.financial_year, barriers.barrier_type
)

select
    measures.place_code,
    places.place_name,
    measures.financial_year,
    measures.reported_type as barrier_type,
    {{ culture_measure_columns("severity") }},
    {{ pounds("money.consolidated_pence") }} as money_behind_gbp,
    cast(coalesce(money.cell_count, 0) as bigint) as money_behind_cell_count,
    money.expenditure_basis as money_behind_expenditure_basis,
    case
        when money.cell_count is null then 'no consolidated spend of the place and year stands under a theme it names'
    end as money_behind_reason,
    coalesce(coverage.coverage, 'no spending of the place is returned') as coverage
from measures
left join money
    on measures.place_code = money.place_code
        and measures.financial_year = money.financial_year
        and measures.reported_type = money.barrier_type
left join {{ ref("int_programme__coverage") }} as coverage
    on measures.place_code = coverage.place_code
        and measures.financial_year = coverage.financial_year
left join {{ ref("dim_place") }} as places on measures.place_code = places.place_code
