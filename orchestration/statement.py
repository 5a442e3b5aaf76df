"""The place statement: what a release says of one place or area in one year, in one object.

Belongs here: finding the place, asking the release, nothing else: no figure is made here that the marts do not hold, but for sums
of their rows. A table or column that the release lacks is a note, not a failure. Printing it: `cli/place`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from orchestration import statement_queries as queries

Row = dict[str, Any]
PENNY = Decimal("0.01")
SUGGESTED = 5


class StatementError(ValueError):
    """There is no such statement. The message says what was asked for, and what there is."""


@dataclass(frozen=True)
class Subject:
    """A place, or an area consolidated for itself. `table`: the mart that holds it, `key`: its column for `code`."""

    code: str
    name: str
    is_area: bool

    @property
    def table(self) -> str:
        return "mart_spend_by_area" if self.is_area else "mart_spend_by_place"

    @property
    def key(self) -> str:
        return "area_code" if self.is_area else "place_code"


@dataclass(frozen=True)
class Statement:
    """Money is in pounds (Decimal, two places), rates are fractions. Lists of rows keep the names of the marts' columns."""

    release_id: str
    code: str
    name: str
    is_area: bool
    financial_year: str
    basis: str
    aggregate_gbp: Decimal
    eliminated_gbp: Decimal
    consolidated_gbp: Decimal
    consolidated_per_head_gbp: Decimal | None
    population_count: int | None
    population_words: str | None
    consolidated_real_gbp: Decimal | None
    price_base_year: str | None
    real_terms_words: str | None
    resources: Row | None
    totals: list[Row]
    grades: list[Row]
    agencies: list[Row]
    eliminations: list[Row]
    coverage: Row
    themes: list[Row]
    theme_grades: list[Row]
    routes: list[Row]
    directed_by: list[Row]
    delivery_modes: list[Row]
    streams: Row | None
    overlap: list[Row]
    overlap_cells: list[Row]
    overlap_pairs: list[Row]
    notes: list[str]


class _Release:
    """Questions to a release; what cannot be asked of it is noted once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.notes: list[str] = []

    def rows(self, query: str, values: Sequence[object] = (), *, lacking: str = "") -> list[Row]:
        """The rows; none where the release has no such table or column, with `lacking` as the note ("": silently)."""
        try:
            cursor = self._connection.execute(query, list(values))
        except (duckdb.CatalogException, duckdb.BinderException):
            if lacking:
                self.notes.append(f"this release does not hold {lacking}")
            return []
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def find_subject(connection: duckdb.DuckDBPyConnection, words: str) -> Subject:
    """The place or area with this code, else the only one with this name; of several, the one that the release has money of: a
    place whose boundary moved has a code before and a code after. A part of a name is not enough: "Lancashire" is not West
    Lancashire.

    Raises StatementError with the nearest names where there is none, or all where there are several.
    """
    known = _known(connection)
    found = subjects_named(known, words)
    if not found:
        raise StatementError(f"this release knows no place or area '{words}'{near_it(known, words)}")
    if len(found) > 1:
        found = _with_money(connection, found) or found
    if len(found) == 1:
        return found[0]
    shown = ", ".join(f"{s.code} {s.name}" for s in found[:SUGGESTED])
    more = f" and {len(found) - SUGGESTED} more" if len(found) > SUGGESTED else ""
    raise StatementError(f"'{words}' could be {shown}{more}: give the code")


def subjects_named(known: Sequence[Subject], words: str) -> list[Subject]:
    """Those with this code, else those with this name; upper and lower case are one."""
    wanted = words.strip().casefold()
    return [s for s in known if s.code.casefold() == wanted] or [s for s in known if s.name.casefold() == wanted]


def near_it(known: Sequence[Subject], words: str) -> str:
    """ "; near it are ...", or "" where nothing is."""
    wanted = words.strip().casefold()
    names = {name: s for s in known for name in (s.name.casefold(), s.code.casefold())}
    holding = [name for name in names if wanted and wanted in name]
    near = list(dict.fromkeys(names[name] for name in [*holding, *difflib.get_close_matches(wanted, names, SUGGESTED, 0.6)]))
    return "; near it are " + ", ".join(f"{s.code} {s.name}" for s in near[:SUGGESTED]) if near else ""


def _with_money(connection: duckdb.DuckDBPyConnection, subjects: Sequence[Subject]) -> list[Subject]:
    release = _Release(connection)
    return [
        subject
        for subject in subjects
        if release.rows(
            f"select 1 from {subject.table} where {subject.key} = ? and aggregate_gbp is not null limit 1", [subject.code]
        )
    ]


def _known(connection: duckdb.DuckDBPyConnection) -> list[Subject]:
    """Every place and area; of areas only those that are counted, where the release counts areas."""
    release = _Release(connection)
    query = "select place_code as code, any_value(place_name) as name from {} group by place_code"
    places = release.rows(query.format("dim_place")) or release.rows(query.format("mart_spend_by_place"))
    areas = release.rows("select area_code as code, any_value(area_name) as name from mart_spend_by_area group by area_code")
    taken = {row["code"] for row in places}
    found = [Subject(r["code"], r["name"] or r["code"], False) for r in places]
    found += [Subject(r["code"], r["name"] or r["code"], True) for r in areas if r["code"] not in taken]
    return sorted(found, key=lambda subject: (subject.code, subject.is_area))


def year_meant(words: str) -> str:
    """A financial year ("2024-25") from the ways it is written: 2024-25, 2024/25, 2024-2025.

    Raises StatementError for anything else.
    """
    match = re.fullmatch(r"(\d{4})\s*[-/–]\s*(?:\d{2})?(\d{2})", words.strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise StatementError(f"'{words}' is not a financial year: give one like 2024-25")
    return f"{match[1]}-{match[2]}"


def years_of(connection: duckdb.DuckDBPyConnection, subject: Subject) -> list[str]:
    """Years of which the release has money of the place, earliest first."""
    query = f"""
        select distinct financial_year from {subject.table} where {subject.key} = ? and aggregate_gbp is not null
        order by financial_year"""
    return [row["financial_year"] for row in _Release(connection).rows(query, [subject.code])]


def read_statement(
    connection: duckdb.DuckDBPyConnection, release_id: str, subject: Subject, financial_year: str | None
) -> Statement:
    """The statement of a place or area for a year; the latest year with money where none is given.

    Raises StatementError where the release has no money of that year, naming the years it has.
    """
    years = years_of(connection, subject)
    if not years:
        raise StatementError(f"this release has no money of {subject.code} {subject.name} in any year")
    year = financial_year or years[-1]
    if year not in years:
        raise StatementError(f"this release has no money of {subject.code} {subject.name} in {year}; it has {', '.join(years)}")
    release = _Release(connection)
    totals = release.rows(_over(subject, "capital_or_revenue, expenditure_basis"), [subject.code, year])
    bases = {row["expenditure_basis"] for row in totals}
    money = {name: sum((row[name] for row in totals), Decimal(0)) for name in queries.MONEY}
    scales = _scales(release, subject, year, money["consolidated_gbp"])
    agencies = _agencies(release, subject, year)
    of_place = [subject.code, year]
    if subject.is_area:
        release.notes.append("themes, routes, overlap and transfers are told place by place, not for an area")
    overlap = release.rows(queries.OVERLAP, of_place, lacking="overlap")
    for row in overlap:
        row["overlap_rate"] = float(row["overlap_gbp"] / row["spend_gbp"]) if row["spend_gbp"] else None
    streams = release.rows(queries.STREAMS, of_place)
    return Statement(
        release_id=release_id,
        code=subject.code,
        name=subject.name,
        is_area=subject.is_area,
        financial_year=year,
        basis="mixed basis" if len(bases) > 1 else next(iter(bases)),
        **money,
        **scales,
        resources=next(iter(release.rows(queries.RESOURCES, of_place, lacking="resources in")), None),
        totals=totals,
        grades=release.rows(_over(subject, "method_grade"), [subject.code, year]),
        agencies=agencies,
        eliminations=release.rows(queries.ELIMINATIONS, of_place, lacking="eliminations"),
        coverage=_coverage(agencies),
        themes=release.rows(queries.THEMES, of_place, lacking="themes"),
        theme_grades=release.rows(queries.THEME_GRADES, of_place),
        routes=release.rows(queries.ROUTES, of_place, lacking="funding routes"),
        directed_by=release.rows(queries.DIRECTED, of_place),
        delivery_modes=release.rows(queries.MODES, of_place),
        streams=streams[0] if streams and streams[0]["stream_count"] else None,
        overlap=overlap,
        overlap_cells=release.rows(queries.CELLS, of_place),
        overlap_pairs=release.rows(queries.PAIRS, of_place),
        notes=release.notes,
    )


def _over(subject: Subject, keys: str) -> str:
    sums = ", ".join(f"sum({name}) as {name}" for name in queries.MONEY)
    return f"""
        select {keys}, {sums} from {subject.table}
        where {subject.key} = ? and financial_year = ? and aggregate_gbp is not null group by all order by all"""


def _scales(release: _Release, subject: Subject, year: str, consolidated: Decimal) -> Row:
    """Real terms and per head of the total; where the release has none, its reason."""
    where = f"from {subject.table} where {subject.key} = ? and financial_year = ? and aggregate_gbp is not null"
    query = f"""
        select
            max(population_count) as population_count, max(price_base_year) as price_base_year,
            case when count(*) = count(consolidated_real_gbp) then sum(consolidated_real_gbp) end as consolidated_real_gbp
        {where}"""
    found = release.rows(query, [subject.code, year], lacking="per head and real terms")
    row = found[0] if found else dict.fromkeys(("population_count", "price_base_year", "consolidated_real_gbp"))
    words = "select max(population_vintage) as vintage, max(population_reason) as reason, max(real_terms_reason) as real {where}"
    told = release.rows(words.format(where=where), [subject.code, year])
    people = row["population_count"]
    per_head = (consolidated / people).quantize(PENNY, ROUND_HALF_UP) if people else None
    return row | {
        "consolidated_per_head_gbp": per_head,
        "population_words": (told[0]["vintage"] if people else told[0]["reason"]) if told else None,
        "real_terms_words": told[0]["real"] if told else None,
    }


def _agencies(release: _Release, subject: Subject, year: str) -> list[Row]:
    """Each agency that serves the place: what it spent there, by what, how it is known; a missing one without money."""
    rows = release.rows(queries.AGENCIES.format(table=subject.table, key=subject.key), [subject.code, year], lacking="agencies")
    query = """
        select agency_slug, months_expected, months_present, months_missing, is_partial from mart_coverage
        where place_code = ? and financial_year = ?"""
    months = {row.pop("agency_slug"): row for row in release.rows(query, [subject.code, year])}
    unknown = dict.fromkeys(("months_expected", "months_present", "months_missing", "is_partial"))
    return [row | months.get(row["agency_slug"], unknown) for row in rows]


def _coverage(agencies: Sequence[Row]) -> Row:
    """How many agencies of the perimeter stand behind the total."""
    statuses = [row["coverage_status"] for row in agencies]
    counts: Row = {status: statuses.count(status) for status in ("returned", "ledger_only", "estimated", "missing")}
    return counts | {"partial": sum(bool(row["is_partial"]) and row["coverage_status"] != "missing" for row in agencies)}
