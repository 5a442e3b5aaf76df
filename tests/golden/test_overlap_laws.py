"""Laws of overlap over random money, on the SQL of the models themselves in a bare database: no pipeline, no build of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MODELS = (
    "intermediate/overlap/int_overlap__cell_codes",
    "intermediate/overlap/int_overlap__agency_cells",
    "intermediate/overlap/int_overlap__ranked",
    "marts/duplication/mart_duplication_overlap",
    "marts/duplication/mart_overlap_pairs",
    "marts/duplication/mart_overlap_by_theme",
)
LENSES = {
    "service": ("07", "07.3", "07.3.1", "07.4", "09.1", "09.1.1"),
    "purchase_category": ("ict", "ict.software", "ict.hardware", "fleet.fuel", "fleet.hire", "utilities"),
}
AGENCIES = ("a", "b", "c", "d")
QUICK = settings(max_examples=12, derandomize=True, database=None, deadline=None)
SLACK = 1e-9


class Spend(NamedTuple):
    """One part of what an agency spends; `code` is an index of the lens's codes."""

    agency: str
    code: int
    pence: int
    is_headline: bool


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("""
        create table int_overlap__spend (
            lens varchar, place_code varchar, financial_year varchar, expenditure_basis varchar, theme_scheme varchar,
            theme_code varchar, code varchar, agency_slug varchar, is_headline boolean, discretion varchar, part_pence bigint);
        create table stg_registry__discretion_rates (discretion varchar, kappa decimal(9, 6));
        create table int_overlap__coverage (
            lens varchar, place_code varchar, financial_year varchar, agency_slug varchar, is_covered boolean);
        create table dim_place (place_code varchar, place_name varchar);
        create table dim_service (service_code varchar, service_name varchar);
        create table dim_purchase_category (purchase_category varchar, category_name varchar);
    """)
    macros = (PROJECT / "macros" / "money.sql").read_text()
    for model in MODELS:
        text = macros + (PROJECT / "models" / f"{model}.sql").read_text()
        sql = jinja2.Environment(autoescape=False).from_string(text).render(ref=lambda name: name)
        connection.execute(f"create view {model.rpartition('/')[2]} as {sql}")
    yield connection
    connection.close()


def _put(connection: duckdb.DuckDBPyConnection, lens: str, *cases: list[Spend], codes: tuple[str, ...] | None = None) -> None:
    """Each case is a place of its own: P0, P1 ...; the last is coded by `codes`, where given."""
    connection.execute("delete from int_overlap__spend")
    rows = [
        (lens, f"P{number}", "2024-25", "gross", "s", "t", known[spend.code], spend.agency, spend.is_headline, None, spend.pence)
        for number, spends in enumerate(cases)
        for known in (codes if codes and number == len(cases) - 1 else LENSES[lens],)
        for spend in spends
    ]
    if rows:
        marks = ", ".join("(" + ", ".join("?" * 11) + ")" for _ in rows)
        connection.execute(f"insert into int_overlap__spend values {marks}", [cell for row in rows for cell in row])


def _measured(
    connection: duckdb.DuckDBPyConnection, lens: str, *cases: list[Spend], codes: tuple[str, ...] | None = None
) -> list[Any]:
    """Sum of O of all grades, case by case."""
    _put(connection, lens, *cases, codes=codes)
    query = "select place_code, sum(overlap_gbp) from mart_duplication_overlap where grade_scope = 'all' group by 1"
    found = dict(connection.execute(query).fetchall())
    return [found.get(f"P{number}", 0) for number in range(len(cases))]


def _spends(least: int = 0) -> st.SearchStrategy[list[Spend]]:
    return st.lists(
        st.builds(Spend, st.sampled_from(AGENCIES), st.integers(0, 5), st.integers(least, 10**9), st.booleans()), max_size=14
    )


@pytest.mark.parametrize("lens", LENSES)
@QUICK
@given(spends=_spends(-(10**9)))
def test_bounds_of_a_cell(database: duckdb.DuckDBPyConnection, lens: str, spends: list[Spend]) -> None:
    _put(database, lens, spends)
    rows = database.execute(
        "select agency_count, spend_gbp, overlap_gbp, overlap_rate, hhi, effective_agency_count, comparable_fragmentation"
        " from mart_duplication_overlap"
    ).fetchall()
    assert bool(rows) == bool(spends)
    for n, spend, overlap, rate, hhi, effective, comparable in rows:
        if n == 0:
            assert (spend, overlap, rate, hhi) == (0, 0, None, None)
            continue
        assert -SLACK <= rate <= 1 - 1 / n + SLACK
        assert 1 / n - SLACK <= hhi <= 1 + SLACK
        assert rate <= 1 - hhi + SLACK
        assert effective == pytest.approx(1 / hhi)
        assert (comparable is None) == (n < 2)
        assert n > 1 or overlap == 0
        assert comparable is None or -SLACK <= comparable <= 1 + SLACK


@pytest.mark.parametrize("lens", LENSES)
@QUICK
@given(spends=_spends())
def test_another_agency_never_lowers_and_a_merger_never_raises_overlap(
    database: duckdb.DuckDBPyConnection, lens: str, spends: list[Spend]
) -> None:
    fewer = [spend for spend in spends if spend.agency != "d"]
    merger = [spend._replace(agency="a") if spend.agency == "b" else spend for spend in spends]
    whole, without, merged = _measured(database, lens, spends, fewer, merger)
    assert without <= whole
    assert merged <= whole


@pytest.mark.parametrize("lens", LENSES)
@QUICK
@given(spends=_spends())
def test_a_coarser_code_never_lowers_overlap(database: duckdb.DuckDBPyConnection, lens: str, spends: list[Spend]) -> None:
    branches = tuple(code.partition(".")[0] for code in LENSES[lens])
    fine, coarse = _measured(database, lens, spends, spends, codes=branches)
    assert fine <= coarse


@pytest.mark.parametrize("lens", LENSES)
@QUICK
@given(spends=_spends(-(10**8)))
def test_roll_ups_add_and_pairs_hold_the_overlap_between_them(
    database: duckdb.DuckDBPyConnection, lens: str, spends: list[Spend]
) -> None:
    _put(database, lens, spends)
    sums = "sum(spend_gbp), sum(overlap_gbp), sum(floored_gbp)"
    cells = database.execute(f"select grade_scope, {sums} from mart_duplication_overlap group by 1 order by 1").fetchall()
    for rolled in ("place", "theme", "branch"):
        query = f"select grade_scope, {sums} from mart_overlap_by_theme where rolled_up_to = ? group by 1 order by 1"
        assert database.execute(query, [rolled]).fetchall() == cells
    pairs = {
        scope: (most, total)
        for scope, most, total in database.execute(
            "select grade_scope, max(shared_gbp), sum(shared_gbp) from mart_overlap_pairs group by 1"
        ).fetchall()
    }
    for scope, _, overlap, _ in cells:
        most, total = pairs.get(scope, (0, 0))
        assert most <= overlap <= total
    shares = "select count(*) from mart_overlap_pairs where share_of_smaller not between 0 and 1 or agency_slug_a >= agency_slug_b"
    assert database.execute(shares).fetchone() == (0,)


@pytest.mark.parametrize("lens", LENSES)
def test_one_agency_does_not_overlap_with_itself(database: duckdb.DuckDBPyConnection, lens: str) -> None:
    assert _measured(database, lens, [Spend("a", code, 100, True) for code in range(6)]) == [0]


def test_money_of_grade_a_and_b_is_the_headline(database: duckdb.DuckDBPyConnection) -> None:
    _put(database, "service", [Spend("a", 1, 300, True), Spend("b", 1, 200, False), Spend("c", 1, 100, True)])
    rows = database.execute("select grade_scope, spend_gbp, overlap_gbp from mart_duplication_overlap order by 1").fetchall()
    assert [(scope, int(spend * 100), int(overlap * 100)) for scope, spend, overlap in rows] == [
        ("A-B", 400, 100),
        ("all", 600, 300),
    ]
