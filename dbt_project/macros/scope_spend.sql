{# The rows of a mart of consolidated spend over scopes of some kinds: the money of `int_scope__spend`, the agencies of
   the perimeter without any (NULL where nothing was returned, nought where it was spent elsewhere), priced and per head. #}
{% macro scope_spend(where) -%}
with money as (
    select *
    from {{ ref("int_scope__spend") }}
    where {{ where }}
),

without_money as (
    select
        perimeter.scope_kind,
        perimeter.scope_code,
        perimeter.financial_year,
        perimeter.agency_slug,
        case when perimeter.has_outlays then 0 end as aggregate_pence,
        case when perimeter.has_outlays then 0 end as eliminated_pence,
        case when perimeter.has_outlays then 0 end as consolidated_pence,
        case when perimeter.has_outlays then 0 end as newly_internal_pence
    from {{ ref("int_scope__perimeter") }} as perimeter
    anti join money
        on perimeter.scope_kind = money.scope_kind
            and perimeter.scope_code = money.scope_code
            and perimeter.financial_year = money.financial_year
            and perimeter.agency_slug = money.agency_slug
    where {{ where }}
),

united as (
    select * from money
    union all by name
    select * from without_money
),

{{ priced_spend("int_scope__measures", ["scope_kind", "scope_code", "financial_year"], ["newly_internal"]) }}
{%- endmacro %}

{# The CTE `priced`: the rows of `united` in pounds, with agency, layer and coverage, and what real terms and sums per head
   need from `measures` (by `keys`). `also`: further sums of pence. #}
{% macro priced_spend(measures, keys, also=[]) -%}
priced as (
    select
        united.*,
        {%- for name in ["aggregate", "eliminated", "consolidated"] + also %}
        {{ pounds("united." ~ name ~ "_pence") }} as {{ name }}_gbp,
        {%- endfor %}
        agencies.agency_name,
        agencies.agency_type,
        counting.layer,
        counting.kind,
        measures.price_base_year,
        measures.real_factor,
        measures.real_terms_reason,
        measures.population_count,
        measures.population_vintage,
        measures.population_reason,
        {{ coverage_status("counting") }} as coverage_status
    from united
    left join {{ ref(measures) }} as measures
        on {% for key in keys %}united.{{ key }} = measures.{{ key }}{{ " and " if not loop.last }}{% endfor %}
    left join {{ ref("dim_agency") }} as agencies on united.agency_slug = agencies.agency_slug
    left join {{ ref("int_agency__counting_layer") }} as counting
        on united.agency_slug = counting.agency_slug
            and united.financial_year = counting.financial_year
)
{%- endmacro %}

{# The columns that such marts share, in the order of mart_spend_by_place, read from `priced`. #}
{% macro spend_columns() -%}
priced.financial_year,
    priced.agency_slug,
    priced.agency_name,
    priced.agency_type,
    priced.layer,
    priced.kind,
    priced.capital_or_revenue,
    priced.expenditure_basis,
    priced.place_basis,
    priced.method_grade,
    priced.driver,
    priced.driver_vintage,
    priced.aggregate_gbp,
    priced.eliminated_gbp,
    priced.consolidated_gbp,
    cast(round(cast(priced.consolidated_gbp as double) * priced.real_factor, 2) as decimal(18, 2))
        as consolidated_real_gbp,
    priced.price_base_year,
    priced.real_terms_reason,
    priced.population_count,
    priced.population_vintage,
    priced.population_reason,
    cast(round(cast(priced.consolidated_gbp as double) / priced.population_count, 2) as decimal(18, 2))
        as consolidated_per_head_gbp,
    priced.coverage_status
{%- endmacro %}
