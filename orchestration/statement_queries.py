"""What a place statement asks a release: one query for each of its parts, by place and year (`AGENCIES` by its `table` and `key`).

Belongs here: SQL over marts, each row with the columns' own names, in a total order. Must not: word or reckon anything.
"""

from __future__ import annotations

MONEY = ("aggregate_gbp", "eliminated_gbp", "consolidated_gbp")
AGENCIES = """
select
    agency_slug, any_value(agency_type) as agency_type, any_value(coverage_status) as coverage_status, any_value(layer) as layer,
    string_agg(distinct expenditure_basis, ', ' order by expenditure_basis) as expenditure_basis,
    string_agg(distinct method_grade, ', ' order by method_grade) as method_grade,
    sum(aggregate_gbp) as aggregate_gbp, sum(eliminated_gbp) as eliminated_gbp, sum(consolidated_gbp) as consolidated_gbp,
    sum(consolidated_per_head_gbp) as consolidated_per_head_gbp
from {table}
where {key} = ? and financial_year = ?
group by agency_slug
order by consolidated_gbp desc nulls last, agency_slug
"""
RESOURCES = """
select resources_in_gbp, internal_income_gbp, passed_on_outside_gbp, consolidated_gbp, reserves_and_unexplained_gbp
from mart_resources
where place_code = ? and financial_year = ?
"""
ELIMINATIONS = """
select
    transfer_kind, treatment, reason, count(*) as transfer_count, sum(payer_amount_gbp) as payer_amount_gbp,
    sum(eliminated_gbp) as eliminated_gbp, sum(mismatch_gbp) as mismatch_gbp
from mart_eliminations
where place_code = ? and financial_year = ? and is_counting_layer
group by all
order by eliminated_gbp desc, payer_amount_gbp desc nulls last, transfer_kind, treatment, reason
"""
THEMES = """
select
    theme_scheme, theme_code, any_value(theme_name) as theme_name, count(distinct agency_slug) as agency_count,
    sum(attributed_gbp) as attributed_gbp
from mart_spend_by_theme
where place_code = ? and financial_year = ? and is_additive
group by theme_scheme, theme_code
order by theme_scheme, attributed_gbp desc, theme_code
"""
THEME_GRADES = """
select theme_scheme, classification_grade, sum(attributed_gbp) as attributed_gbp
from mart_spend_by_theme
where place_code = ? and financial_year = ? and is_additive
group by all
order by theme_scheme, attributed_gbp desc, classification_grade
"""
RECEIVED = "place_code = ? and financial_year = ? and flow = 'income' and not is_internal"
ROUTES = f"""
select
    origin, funding_route, any_value(directed_by) as directed_by, route_grade, count(distinct agency_slug) as agency_count,
    sum(amount_gbp) as amount_gbp
from mart_spend_by_funding_route
where {RECEIVED}
group by origin, funding_route, route_grade
order by amount_gbp desc, origin, funding_route, route_grade
"""
DIRECTED = f"""
select directed_by, sum(amount_gbp) as amount_gbp
from mart_spend_by_funding_route
where {RECEIVED}
group by all
order by amount_gbp desc, directed_by
"""
MODES = """
select delivery_mode, payee_class, sum(amount_gbp) as amount_gbp
from mart_spend_by_funding_route
where place_code = ? and financial_year = ? and flow = 'outlay'
group by all
order by amount_gbp desc, delivery_mode, payee_class
"""
STREAMS = """
select
    cast(sum(stream_count) as bigint) as stream_count, cast(sum(small_stream_count) as bigint) as small_stream_count,
    sum(small_stream_gbp) as small_stream_gbp, max(small_stream_threshold_gbp) as small_stream_threshold_gbp
from mart_funding_streams
where place_code = ? and financial_year = ?
"""
OVERLAP = """
select
    lens, grade_scope, expenditure_basis, count(*) as cell_count, sum(spend_gbp) as spend_gbp, sum(overlap_gbp) as overlap_gbp,
    sum(addressable_gbp) as addressable_gbp
from mart_duplication_overlap
where place_code = ? and financial_year = ?
group by lens, theme_scheme, grade_scope, expenditure_basis
order by lens, theme_scheme, grade_scope, expenditure_basis
"""
CELLS = """
select
    lens, grade_scope, theme_code, cell_code, any_value(cell_name) as cell_name, agency_count, lead_agency_slug, spend_gbp,
    overlap_gbp, overlap_rate
from mart_duplication_overlap
where place_code = ? and financial_year = ? and overlap_gbp > 0
group by all
qualify row_number() over (partition by lens, grade_scope order by overlap_gbp desc, theme_code, cell_code) <= 5
order by lens desc, grade_scope, overlap_gbp desc, theme_code, cell_code
"""
PAIRS = """
select
    lens, grade_scope, agency_slug_a, agency_slug_b, sum(shared_cell_count) as shared_cell_count, sum(shared_gbp) as shared_gbp
from mart_overlap_pairs
where place_code = ? and financial_year = ?
group by lens, theme_scheme, grade_scope, agency_slug_a, agency_slug_b
qualify row_number() over (
    partition by lens, theme_scheme, grade_scope order by sum(shared_gbp) desc, agency_slug_a, agency_slug_b
) <= 5
order by lens desc, theme_scheme, grade_scope, shared_gbp desc, agency_slug_a, agency_slug_b
"""
