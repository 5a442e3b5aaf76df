"""The summary of a release: what `totalplace run` shows at its end. Read from the release itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

_AGENCIES = """
with ledger as (
    select coalesce(agency_slug, publisher_slug) as agency_slug, *
        exclude (agency_slug)
    from qa_return_ledger
    where status <> 'superseded'
),
found as (
    select coalesce(agency_slug, publisher_slug) as agency_slug, count(*) as finding_count
    from qa_findings
    where severity <> 'info'
    group by all
)
select
    l.agency_slug,
    count(distinct l.file_name) as file_count,
    coalesce(sum(l.accepted_count) filter (where l.status = 'in_service'), 0)::bigint as accepted_count,
    sum(l.quarantined_count)::bigint as quarantined_count,
    sum(l.excluded_count)::bigint as excluded_count,
    coalesce(sum(l.accepted_gbp) filter (where l.status = 'in_service'), 0)::decimal(38, 2) as accepted_gbp,
    coalesce(sum(l.accepted_count) filter (where l.status <> 'in_service'), 0)::bigint as withdrawn_count,
    coalesce(sum(l.accepted_gbp) filter (where l.status <> 'in_service'), 0)::decimal(38, 2) as withdrawn_gbp,
    coalesce(any_value(f.finding_count), 0) as finding_count
from ledger as l
left join found as f on l.agency_slug = f.agency_slug
group by l.agency_slug
order by file_count desc, accepted_gbp desc, l.agency_slug
"""
_PLACES = """
with spend as (
    select
        place_code, any_value(place_name) as place_name, financial_year,
        sum(aggregate_gbp) as aggregate_gbp, sum(eliminated_gbp) as eliminated_gbp, sum(consolidated_gbp) as consolidated_gbp,
        count(distinct expenditure_basis) as basis_count, any_value(expenditure_basis) as expenditure_basis
    from mart_spend_by_place
    where place_code <> 'UNALLOCATED'
    group by place_code, financial_year
),
covered as (
    select
        place_code, financial_year, count(*) filter (where coverage_status = 'returned') as returned,
        count(*) filter (where coverage_status = 'ledger_only') as ledger_only,
        count(*) filter (where coverage_status = 'missing') as missing
    from mart_coverage
    group by place_code, financial_year
),
overlap as (
    select place_code, financial_year, sum(overlap_gbp) as overlap_gbp
    from mart_duplication_overlap
    where grade_scope = 'all' and lens = 'service'
    group by all
)
select
    s.place_code, s.place_name, s.financial_year, s.aggregate_gbp, s.eliminated_gbp, s.consolidated_gbp,
    case when s.basis_count > 1 then 'mixed basis' else s.expenditure_basis end as basis,
    c.returned, c.ledger_only, c.missing, o.overlap_gbp
from spend as s
left join covered as c on s.place_code = c.place_code and s.financial_year = c.financial_year
left join overlap as o on s.place_code = o.place_code and s.financial_year = o.financial_year
"""


_HELD = """
select file_name, any_value(hold_reason) as hold_reason
from qa_returns
where status = 'held'
group by file_name
order by file_name
"""


# Files that leave money out, or count it twice, if they are not what they were taken for.
_DOUBTFUL = """
select file_name, message
from qa_findings
where rule_id in ('replaced_file_is_earlier_revision', 'bytes_have_one_publisher')
order by amount_gbp desc nulls last, file_name
"""


def release_summary(folder: Path, codes: Sequence[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """Agencies, held files, doubtful files and places of a release. `codes`: only these places, and the places of these areas.

    `accepted_...` of an agency is what is in service; `withdrawn_...` what was accepted of returns that were withdrawn since.
    """
    with duckdb.connect(str(folder / "totalplace.duckdb"), read_only=True) as connection:
        agencies = _rows(connection, _AGENCIES)
        held = _rows(connection, _HELD)
        doubtful = _rows(connection, _DOUBTFUL)
        filters, values = "", []
        if codes:
            filters = (
                "where list_contains(?, s.place_code)"
                " or s.place_code in (select place_code from dim_area where list_contains(?, area_code))"
            )
            values = [list(codes), list(codes)]
        order = "order by s.financial_year desc, s.consolidated_gbp desc nulls last, s.place_code"
        places = _rows(connection, f"{_PLACES} {filters} {order}", values)
    for row in places:
        row["coverage"] = coverage_words(row)
    return {"agencies": agencies, "held": held, "doubtful": doubtful, "places": places}


def coverage_words(row: dict[str, Any]) -> str:
    """ "3 returned, 2 ledger only, 4 missing": no total without it."""
    parts = [f"{row[name] or 0} {name.replace('_', ' ')}" for name in ("returned", "ledger_only", "missing")]
    return ", ".join(part for part in parts if not part.startswith("0 ")) or "nothing returned"


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
    cursor = connection.execute(query, list(values))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
