"""Words and notes travel with the tables of a release, in each of the four forms."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from orchestration import release_tables
from orchestration.release_notes import notes_of
from orchestration.release_tables import copy_tables, data_package

WORDS = {
    "mart_small": {
        "": "A small mart.\nGrain: place_code.",
        "place_code": "The place's code",
        "coverage_status": "Where it comes from",
    }
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(release_tables, "_described", lambda: WORDS)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            "create table mart_small as select 'X1' as place_code, 'missing' as coverage_status, 1.5::decimal(18,2) a_gbp"
        )
        connection.execute("create table int_hidden as select 1 as n")
    (tmp_path / "release" / "marts").mkdir(parents=True)
    return tmp_path


def test_words_stand_in_database_parquet_package_and_meta_tables(folder: Path) -> None:
    release = folder / "release"
    tables = copy_tables(folder / "warehouse.duckdb", release)
    assert set(tables) == {"mart_small", "meta_tables", "meta_columns"}
    assert tables["mart_small"]["sums_gbp"] == {"a_gbp": "1.50"}
    with duckdb.connect(str(release / "totalplace.duckdb"), read_only=True) as connection:
        (comment,) = connection.execute("select comment from duckdb_tables() where table_name = 'mart_small'").fetchone() or ("",)
        assert comment.startswith("A small mart. Grain: place_code. Money in pounds") and "Read no total without" in comment
        columns = dict(
            connection.execute("select column_name, comment from duckdb_columns() where table_name = 'mart_small'").fetchall()
        )
        assert columns["place_code"] == "The place's code"
        assert connection.execute("select count(*) from meta_columns where table_name = 'meta_columns'").fetchone() == (5,)
        metadata = connection.execute(
            "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(release / "marts" / "mart_small.parquet")]
        ).fetchall()
    told = dict(metadata)
    assert told["description"] == "A small mart. Grain: place_code." and "ledger_only" in told["notes"]
    assert json.loads(told["columns"])["coverage_status"] == "Where it comes from"
    whole = data_package("r1", release, "2026-01-02T00:00:00", "2025-01-01")
    assert "As known on 2025-01-01: later returns" in whole["description"] and whole["created"] == "2026-01-02T00:00:00Z"
    package = {resource["name"]: resource for resource in whole["resources"]}
    assert package["mart_small"]["description"] == comment
    assert [f["description"] for f in package["mart_small"]["schema"]["fields"]] == ["The place's code", "Where it comes from", ""]


def test_a_warehouse_without_marts_gives_no_tables(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        connection.execute("create table int_hidden as select 1 as n")
    (tmp_path / "marts").mkdir()
    assert copy_tables(tmp_path / "w.duckdb", tmp_path) == {}


def test_notes_follow_the_columns() -> None:
    assert notes_of("dim_service", ["service_code"]) == ("Reference data, shipped and added by the place.",)
    assert any("mixed basis" in note for note in notes_of("mart_new", ["expenditure_basis"]))
    assert not any("count money twice" in note for note in notes_of("fct_allocation", ["treatment"]))
    assert any("not the sum of its places" in note for note in notes_of("mart_spend_by_area", []))
