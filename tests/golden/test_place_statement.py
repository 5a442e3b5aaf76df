"""The place statement over a real release: its figures are the marts' figures, its command ends as the contract says."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner, Result
from scenarios.controls import PLACE as PATHS_PLACE
from scenarios.golden_count import CASES

from ingest.home import Home
from orchestration.cli.main import cli
from orchestration.statement import Statement, find_subject, read_statement, years_of

PLACE = CASES[0].place_code
YEAR = "2024-25"
MILLION = 1_000_000


@pytest.fixture(scope="module", params=[PLACE, CASES[1].place_code, PATHS_PLACE])
def statement(request: pytest.FixtureRequest, release: duckdb.DuckDBPyConnection) -> Statement:
    return read_statement(release, "the-release", find_subject(release, request.param), YEAR)


def _one(release: duckdb.DuckDBPyConnection, query: str, statement: Statement) -> tuple[object, ...]:
    row = release.execute(query, [statement.code, statement.financial_year]).fetchone()
    assert row is not None
    return row


def test_its_figures_are_those_of_the_marts(statement: Statement, release: duckdb.DuckDBPyConnection) -> None:
    where = "where place_code = ? and financial_year = ?"
    spend = f"select sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp) from mart_spend_by_place {where}"
    whole = (statement.aggregate_gbp, statement.eliminated_gbp, statement.consolidated_gbp)
    assert _one(release, spend, statement) == whole
    for rows in (statement.totals, statement.grades, [row for row in statement.agencies if row["layer"]]):
        for index, name in enumerate(("aggregate_gbp", "eliminated_gbp", "consolidated_gbp")):
            assert sum(row[name] for row in rows) == whole[index]
    resources = f"select resources_in_gbp, reserves_and_unexplained_gbp from mart_resources {where}"
    assert statement.resources is not None
    in_gbp = statement.resources["resources_in_gbp"]
    assert _one(release, resources, statement) == (in_gbp, statement.resources["reserves_and_unexplained_gbp"])
    assert in_gbp - statement.consolidated_gbp == statement.resources["reserves_and_unexplained_gbp"]
    assert sum(row["amount_gbp"] for row in statement.routes) == in_gbp
    assert sum(row["amount_gbp"] for row in statement.directed_by) == in_gbp
    assert sum(row["amount_gbp"] for row in statement.delivery_modes) == statement.consolidated_gbp
    scheme = statement.themes[0]["theme_scheme"]
    for rows in (statement.themes, statement.theme_grades):
        attributed = [row["attributed_gbp"] for row in rows if row["theme_scheme"] == scheme]
        assert sum(attributed) == statement.consolidated_gbp
    eliminated = f"select sum(eliminated_gbp) from mart_eliminations {where} and is_counting_layer"
    assert _one(release, eliminated, statement) == (sum(row["eliminated_gbp"] for row in statement.eliminations) or None,)
    overlap = f"select sum(spend_gbp), sum(overlap_gbp) from mart_duplication_overlap {where}"
    shown = (sum(row["spend_gbp"] for row in statement.overlap), sum(row["overlap_gbp"] for row in statement.overlap))
    assert _one(release, overlap, statement) == (shown if statement.overlap else (None, None))
    assert statement.notes == []


def test_the_golden_place_is_stated_as_the_specification_says(release: duckdb.DuckDBPyConnection) -> None:
    statement = read_statement(release, "the-release", find_subject(release, PLACE), None)
    assert statement.financial_year == YEAR
    assert (statement.aggregate_gbp, statement.eliminated_gbp, statement.consolidated_gbp) == (
        937 * MILLION, 232 * MILLION, 705 * MILLION,
    )  # fmt: skip
    assert statement.resources is not None and statement.resources["resources_in_gbp"] == 705 * MILLION
    assert statement.coverage == {"returned": 5, "ledger_only": 0, "estimated": 0, "missing": 0, "partial": 0}
    without = read_statement(release, "the-release", find_subject(release, CASES[1].place_code), YEAR)
    assert (without.coverage["returned"], without.coverage["missing"]) == (4, 1)
    (missing,) = [row for row in without.agencies if row["coverage_status"] == "missing"]
    assert (missing["agency_slug"], missing["consolidated_gbp"]) == (CASES[1].slug("trust"), None)


def _told(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["place", *arguments, "--home", str(home.root)])


def test_the_command_prints_and_gives_json(scenario_home: Home) -> None:
    told = _told(scenario_home, PLACE, "--year", "2024/25")
    assert told.exit_code == 0, told.output
    for words in ("£705,000,000.00", "£232,000,000.00", "reserves and unexplained £0.00", "5 returned", "Themes", "Overlap"):
        assert words in told.output
    printed = json.loads(_told(scenario_home, PLACE.lower(), "--year", YEAR, "--json").stdout)
    assert Decimal(str(printed["consolidated_gbp"])) == 705 * MILLION
    release_id = printed["release_id"]
    assert json.loads(_told(scenario_home, PLACE, "--release", release_id, "--json").stdout) == printed
    by_name = _told(scenario_home, "golden whole (synthetic)", "--json")
    assert json.loads(by_name.stdout)["code"] == PLACE


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("X9990000",), "knows no place or area 'X9990000'; near it are X990"),
        (("golden",), "near it are X99000001 Golden whole (synthetic)"),
        ((PLACE, "--year", "2011-12"), "in 2011-12; it has 2024-25"),
        ((PLACE, "--year", "last year"), "is not a financial year"),
        (("E06000001",), "has no money of E06000001"),
        ((PLACE, "--release", "../.."), "there is no release '../..'"),
    ],
)
def test_what_cannot_be_stated_is_one_line_and_a_usage_error(scenario_home: Home, arguments: tuple[str, ...], words: str) -> None:
    told = _told(scenario_home, *arguments)
    assert (told.exit_code, told.stderr.count("\n")) == (2, 1)
    assert words in told.stderr


def test_a_home_without_a_release_says_so(tmp_path: str) -> None:
    told = CliRunner().invoke(cli, ["place", PLACE, "--home", str(tmp_path)])
    assert told.exit_code == 2
    assert "there is no release in" in told.stderr


def test_years_are_those_with_money(release: duckdb.DuckDBPyConnection) -> None:
    assert years_of(release, find_subject(release, PLACE)) == [YEAR]


def test_an_area_is_stated_from_its_own_mart(release: duckdb.DuckDBPyConnection) -> None:
    query = """
        select area_code, financial_year, sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp)
        from mart_spend_by_area where aggregate_gbp is not null group by all order by all limit 1"""
    row = release.execute(query).fetchone()
    assert row is not None
    statement = read_statement(release, "the-release", find_subject(release, row[0]), row[1])
    assert statement.is_area
    assert (statement.aggregate_gbp, statement.eliminated_gbp, statement.consolidated_gbp) == row[2:]
    assert sum(r["consolidated_gbp"] for r in statement.agencies if r["consolidated_gbp"] is not None) == row[4]
