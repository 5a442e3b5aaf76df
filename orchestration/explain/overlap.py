"""Why the overlap of a place and year is what it is: each cell, whose money it is, what left before, and the lines behind it."""

from __future__ import annotations

import difflib
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.explain.answer import ExplainError, Explanation, Part, Row, ask, lines, part
from orchestration.statement import StatementError, find_subject, year_meant

RULES = [
    "Consolidated money only: what one agency of the place pays another leaves first (the eliminations below), then overlap is "
    "measured.",
    "A cell is a place, year, theme and code: the finest code that no row of the branch is coded above.",
    "Overlap = spend of the cell less what its lead agency spends, if two or more agencies are in it; rate = overlap / spend. An "
    "agency below nought in a cell counts as nothing there.",
    "Overlap shows several agencies spending on the same thing. Ledgers hold no beneficiaries: it is not duplication.",
]


def explain_overlap(
    connection: duckdb.DuckDBPyConnection, release_id: str, place: str, year: str, theme: str | None = None, limit: int = 20
) -> Explanation:
    """The overlap of a place in a year, of one theme (code or name) or all.

    Raises ExplainError where the release knows no such place, or has no overlap of it in that year or theme.
    """
    try:
        subject, financial_year = find_subject(connection, place), year_meant(year)
    except StatementError as error:
        raise ExplainError(str(error)) from error
    if subject.is_area:
        raise ExplainError(f"{subject.code} {subject.name} is an area; overlap is measured place by place: name one of its places")
    of_place: list[object] = [subject.code, financial_year]
    _check_year(connection, subject.code, subject.name, financial_year)
    chosen = _theme(connection, of_place, theme) if theme else None
    where = "place_code = ? and financial_year = ?" + (" and theme_code = ?" if chosen else "")
    values = [*of_place, *([chosen] if chosen else [])]
    cells = ask(
        connection,
        f"""
        select lens, grade_scope, theme_scheme, theme_code, cell_code, cell_name, expenditure_basis, agency_count, lead_agency_slug,
            spend_gbp, overlap_gbp, overlap_rate, hhi, effective_agency_count, comparable_fragmentation, addressable_gbp,
            floored_gbp, missing_agencies
        from mart_duplication_overlap where {where}
        order by overlap_gbp desc, spend_gbp desc, lens, grade_scope, theme_scheme, theme_code, cell_code, expenditure_basis""",
        values,
    )
    agencies = _agencies(connection, where, values, cells[:limit])
    told = f", theme {chosen}" if chosen else ""
    return Explanation(
        about=f"Overlap of {subject.name} ({subject.code}), {financial_year}{told}",
        release_id=release_id,
        rules=RULES,
        arithmetic=[_arithmetic(cell, agencies) for cell in cells[:limit] if cell["overlap_gbp"]] + _sums(cells),
        parts=[
            part("Cells", [_shown(cell) for cell in cells], limit, ("agency_count", "spend_gbp", "overlap_gbp", "overlap_rate")),
            Part("Agencies in these cells", agencies, ("spend_rank", "spend_gbp", "addressable_gbp")),
            _eliminations(connection, of_place, limit),
            _allocation(connection, of_place, limit),
            _lines(connection, subject.code, financial_year, cells, agencies, limit),
        ],
        notes=_notes(cells),
    )


def _check_year(connection: duckdb.DuckDBPyConnection, code: str, name: str, year: str) -> None:
    found = ask(
        connection, "select distinct financial_year from mart_duplication_overlap where place_code = ? order by all", [code]
    )
    years = [row["financial_year"] for row in found]
    if year not in years:
        raise ExplainError(
            f"this release measures no overlap of {code} {name} in {year}"
            + (f"; it has {', '.join(years)}" if years else " or any other year: no classified money of it is in")
        )


def _theme(connection: duckdb.DuckDBPyConnection, of_place: list[object], words: str) -> str:
    """The code of a theme of this place and year, by code or name."""
    rows = ask(
        connection,
        """
        select distinct cells.theme_code, themes.theme_name
        from mart_duplication_overlap as cells
        left join dim_theme as themes on cells.theme_scheme = themes.theme_scheme and cells.theme_code = themes.theme_code
        where cells.place_code = ? and cells.financial_year = ? order by all""",
        of_place,
    )
    wanted = words.strip().casefold()
    for row in rows:
        if wanted in (row["theme_code"].casefold(), (row["theme_name"] or "").casefold()):
            return row["theme_code"]
    codes = [row["theme_code"] for row in rows]
    near = difflib.get_close_matches(wanted, codes, 3, 0.5) or codes
    raise ExplainError(f"no overlap of this place and year is in a theme '{words}'; there is {', '.join(near)}")


def _agencies(connection: duckdb.DuckDBPyConnection, where: str, values: list[object], cells: list[Row]) -> list[Row]:
    rows = ask(
        connection,
        f"""
        select lens, grade_scope, theme_scheme, theme_code, cell_code, expenditure_basis, agency_slug, spend_rank, spend_gbp,
            addressable_gbp
        from mart_duplication_overlap_agencies where {where}
        order by lens, grade_scope, theme_scheme, theme_code, cell_code, expenditure_basis, spend_rank""",
        values,
    )
    shown = {_key(cell) for cell in cells}
    return [row for row in rows if _key(row) in shown]


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _CELL)


_CELL = ("lens", "grade_scope", "theme_scheme", "theme_code", "cell_code", "expenditure_basis")


def _arithmetic(cell: Row, agencies: list[Row]) -> str:
    """ "06.2 (all, gross): 3.00 + 2.00 = 5.00; less the lead's 3.00 = 2.00; 2.00 / 5.00 = 40.0%"."""
    spends = [row["spend_gbp"] for row in agencies if _key(row) == _key(cell)]
    lead = cell["spend_gbp"] - cell["overlap_gbp"]
    terms = " + ".join(f"{value:,.2f}" for value in spends) or f"{cell['spend_gbp']:,.2f}"
    label = f"{cell['lens']} {cell['theme_code']} {cell['cell_code']} ({cell['grade_scope']}, {cell['expenditure_basis']})"
    return (
        f"{label}: {terms} = {cell['spend_gbp']:,.2f}; less the lead's {lead:,.2f} = {cell['overlap_gbp']:,.2f};"
        f" {cell['overlap_gbp']:,.2f} / {cell['spend_gbp']:,.2f} = {cell['overlap_rate']:.1%}; HHI {cell['hhi']:.4f}, 1 / HHI ="
        f" {cell['effective_agency_count']:.3f} agencies"
    )


def _sums(cells: list[Row]) -> list[str]:
    """Rolled up as sum of overlap over sum of spend, for each lens, scheme, scope and basis."""
    sums: dict[tuple[Any, ...], list[Decimal]] = {}
    for cell in cells:
        key = (cell["lens"], cell["theme_scheme"], cell["grade_scope"], cell["expenditure_basis"])
        found = sums.setdefault(key, [Decimal(0), Decimal(0)])
        found[0] += cell["spend_gbp"]
        found[1] += cell["overlap_gbp"]
    return [
        f"All cells, {', '.join(key)}: {overlap:,.2f} / {spend:,.2f} = {overlap / spend:.1%}"
        for key, (spend, overlap) in sorted(sums.items())
        if spend
    ]


def _shown(cell: Row) -> Row:
    kept = (*_CELL, "cell_name", "agency_count", "lead_agency_slug", "spend_gbp", "overlap_gbp", "overlap_rate")
    return {name: cell[name] for name in kept}


def _eliminations(connection: duckdb.DuckDBPyConnection, of_place: list[object], limit: int) -> Part:
    rows = ask(
        connection,
        """
        select payer_agency, payee_agency, transfer_kind, treatment, reason, payer_amount_gbp, eliminated_gbp
        from mart_eliminations where place_code = ? and financial_year = ? and is_counting_layer
        order by eliminated_gbp desc, payer_agency, payee_agency, transfer_kind""",
        of_place,
    )
    return part("What left first, and what stayed", rows, limit, ("payer_amount_gbp", "eliminated_gbp"))


def _allocation(connection: duckdb.DuckDBPyConnection, of_place: list[object], limit: int) -> Part:
    rows = ask(
        connection,
        """
        select agency_slug, kind, driver, method_grade, sum(aggregate_gbp) as aggregate_gbp,
            sum(consolidated_gbp) as consolidated_gbp
        from fct_allocation where place_code = ? and financial_year = ? group by all
        order by consolidated_gbp desc, agency_slug, kind, driver, method_grade""",
        of_place,
    )
    return part("How the money came to the place", rows, limit, ("aggregate_gbp", "consolidated_gbp"))


def _lines(connection: duckdb.DuckDBPyConnection, place: str, year: str, cells: list[Row], agencies: list[Row], limit: int) -> Part:
    """The largest lines of the largest cell with overlap; money without a place of its own is divided, and stands whole here."""
    cell = next((c for c in cells if c["overlap_gbp"]), cells[0] if cells else None)
    if cell is None:
        return Part("Lines", [])
    is_service = cell["lens"] == "service"
    code = "service_code" if is_service else "purchase_category"
    layer = "is_counting_layer" if is_service else "layer = 'transactions'"
    slugs = [row["agency_slug"] for row in agencies if _key(row) == _key(cell)]
    where = f"""
        financial_year = ? and flow = 'outlay' and {layer} and list_contains(?, agency_slug)
        and (place_code = ? or place_code is null) and ({code} = ? or starts_with({code}, ? || '.'))"""
    title = f"Lines of {cell['lens']} {cell['cell_code']}, undivided (a line without a place is shared out over the places served)"
    values = [year, slugs, place, cell["cell_code"], cell["cell_code"]]
    return lines(connection, title, where, values, limit, extra=f", {code}, classification_grade, service_rule_id, transfer_kind")


def _notes(cells: list[Row]) -> list[str]:
    notes: list[str] = []
    for lens, missing in sorted({(cell["lens"], cell["missing_agencies"]) for cell in cells if cell["missing_agencies"]}):
        notes.append(f"agencies of the perimeter that the lens {lens} cannot see, so without a share in any cell: {missing}")
    if floored := sum((cell["floored_gbp"] for cell in cells), Decimal(0)):
        notes.append(f"money below nought in a cell, not taken off: {floored:,.2f} (over all scopes of grade)")
    if not any(cell["overlap_gbp"] for cell in cells):
        notes.append("no cell has two agencies: overlap is nought")
    return notes
