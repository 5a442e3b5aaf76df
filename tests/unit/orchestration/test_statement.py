"""The place statement over releases that hold little: places found by what a person types, gaps told in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from orchestration.statement import StatementError, find_subject, read_statement, year_meant, years_of

COLUMNS = (
    "financial_year varchar, agency_slug varchar, agency_type varchar, layer varchar, capital_or_revenue varchar,"
    " expenditure_basis varchar, method_grade varchar, coverage_status varchar, aggregate_gbp decimal(18,2),"
    " eliminated_gbp decimal(18,2), consolidated_gbp decimal(18,2), consolidated_real_gbp decimal(18,2),"
    " price_base_year varchar, population_count bigint, consolidated_per_head_gbp decimal(18,2)"
)
ROW = "'2023-24', 'ayle', 'la_unitary', 'accounts', 'revenue', '{basis}', 'A', 'returned', 300, 100, 200, 220, '2024-25', 3, 66.67"


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"create table mart_spend_by_place (place_code varchar, place_name varchar, {COLUMNS})")
        connection.execute(f"create table mart_spend_by_area (area_code varchar, area_name varchar, {COLUMNS})")
        connection.execute("create table dim_place (place_code varchar, place_name varchar)")
        connection.execute(
            "insert into dim_place values ('X1', 'Ayleford'), ('X2', 'Bexmouth'), ('X3', 'Bexmouth East'), ('X4', 'Nowhere'),"
            " ('X5', 'Twinford'), ('X6', 'Twinford')"
        )
        for code in ("X1", "X2"):
            connection.execute(f"insert into mart_spend_by_place values ('{code}', 'name', {ROW.format(basis='gross')})")
        connection.execute(
            "insert into mart_spend_by_place (place_code, financial_year, agency_slug, coverage_status)"
            " values ('X1', '2023-24', 'gone', 'missing'), ('X1', '2024-25', 'gone', 'missing')"
        )
        connection.execute(f"insert into mart_spend_by_area values ('A1', 'The Two Towns', {ROW.format(basis='net')})")
        yield connection


@pytest.mark.parametrize(
    ("words", "code"),
    [("X1", "X1"), (" x1 ", "X1"), ("ayleford", "X1"), ("Bexmouth", "X2"), ("A1", "A1"), ("the two towns", "A1")],
)
def test_a_place_is_found_by_code_or_name(release: duckdb.DuckDBPyConnection, words: str, code: str) -> None:
    assert find_subject(release, words).code == code


def test_of_two_codes_of_a_name_the_one_with_money_is_meant(release: duckdb.DuckDBPyConnection) -> None:
    release.execute("insert into mart_spend_by_place (place_code, financial_year, agency_slug) values ('X5', '2023-24', 'gone')")
    release.execute(f"insert into mart_spend_by_place values ('X6', 'Twinford', {ROW.format(basis='gross')})")
    assert find_subject(release, "Twinford").code == "X6"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("exm", "no place or area 'exm'; near it are X2 Bexmouth, X3 Bexmouth East$"),
        ("Twinford", "'Twinford' could be X5 Twinford, X6 Twinford: give the code"),
        ("Ailford", "no place or area 'Ailford'; near it are X1 Ayleford"),
        ("qqqqqq", "no place or area 'qqqqqq'$"),
        ("", "no place or area ''$"),
    ],
)
def test_another_word_is_an_error_that_helps(release: duckdb.DuckDBPyConnection, words: str, message: str) -> None:
    with pytest.raises(StatementError, match=message):
        find_subject(release, words)


@pytest.mark.parametrize("words", ["2024-25", "2024/25", " 2024-2025", "2024–25"])
def test_a_year_is_read_as_it_is_written(words: str) -> None:
    assert year_meant(words) == "2024-25"


def test_the_turn_of_a_century_is_a_year() -> None:
    assert year_meant("1999-00") == "1999-00"


@pytest.mark.parametrize("words", ["2024", "2024-26", "24-25", "", "2024-25x"])
def test_what_is_no_year_is_refused(words: str) -> None:
    with pytest.raises(StatementError, match="is not a financial year"):
        year_meant(words)


def test_a_release_with_little_in_it_is_stated_with_notes(release: duckdb.DuckDBPyConnection) -> None:
    statement = read_statement(release, "r", find_subject(release, "X1"), "2023-24")
    assert (statement.basis, statement.consolidated_gbp, statement.consolidated_real_gbp) == ("gross", Decimal(200), Decimal(220))
    assert statement.consolidated_per_head_gbp == Decimal("66.67")
    assert statement.coverage == {"returned": 1, "ledger_only": 0, "estimated": 0, "missing": 1, "partial": 0}
    assert [(row["agency_slug"], row["consolidated_gbp"]) for row in statement.agencies] == [("ayle", 200), ("gone", None)]
    lacking = ("resources in", "eliminations", "themes", "funding routes", "overlap")
    assert sorted(statement.notes) == sorted(f"this release does not hold {words}" for words in lacking)
    assert (statement.resources, statement.themes, statement.overlap, statement.streams) == (None, [], [], None)


def test_an_area_is_stated_from_its_own_consolidation(release: duckdb.DuckDBPyConnection) -> None:
    statement = read_statement(release, "r", find_subject(release, "A1"), None)
    assert (statement.is_area, statement.basis, statement.consolidated_gbp) == (True, "net", Decimal(200))
    assert "themes, routes, overlap and transfers are told place by place, not for an area" in statement.notes


def test_a_year_without_money_names_the_years_that_have(release: duckdb.DuckDBPyConnection) -> None:
    subject = find_subject(release, "X1")
    assert years_of(release, subject) == ["2023-24"]
    with pytest.raises(StatementError, match=r"no money of X1 Ayleford in 2024-25; it has 2023-24"):
        read_statement(release, "r", subject, "2024-25")
    with pytest.raises(StatementError, match="no money of X4 Nowhere in any year"):
        read_statement(release, "r", find_subject(release, "X4"), None)
