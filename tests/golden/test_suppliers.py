"""Names of two ledgers in a release: which are one supplier."""

from __future__ import annotations

import duckdb
import pytest


@pytest.fixture(scope="module")
def suppliers(release: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None, float | None]]:
    """Amount of a line -> the supplier it went to, method, score."""
    rows = release.execute(
        "select flows.amount_gbp::varchar, flows.resolved_supplier_id, resolution_method, resolution_score from fct_flow as flows"
        " inner join dim_supplier using (supplier_id) where flows.agency_slug like 'suppliers-%'"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_spellings_of_two_ledgers_are_one_supplier(suppliers):
    assert suppliers["1.00"][0] == suppliers["64.00"][0]
    assert sorted((suppliers["1.00"][1:], suppliers["64.00"][1:])) == [("exact", 1.0), ("slip", 0.9)]
    assert suppliers["2.00"][0] == suppliers["128.00"][0]


def test_a_merge_of_the_folder_holds(suppliers):
    assert suppliers["16.00"][0] == suppliers["512.00"][0]


def test_two_names_that_must_never_be_one_are_two(suppliers):
    assert suppliers["32.00"][0] != suppliers["1024.00"][0]


def test_academies_of_two_towns_are_two(suppliers):
    assert suppliers["4.00"][0] != suppliers["256.00"][0]


def test_a_withheld_name_is_its_own_key(suppliers):
    assert suppliers["8.00"][1:] == (None, None)
    assert [row[0] for row in suppliers.values()].count(suppliers["8.00"][0]) == 1


def test_no_reason_or_key_reaches_the_release(release: duckdb.DuckDBPyConnection):
    columns = {row[0] for row in release.execute("select column_name from information_schema.columns").fetchall()}
    assert not columns & {"supplier_key", "resolution_reason"}
