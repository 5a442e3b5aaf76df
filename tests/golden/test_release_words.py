"""Nothing in a release is without words: every table and column says what it holds, in each form that it is read in."""

from __future__ import annotations

import json

import duckdb
import pytest

from ingest.home import Home

pytestmark = [pytest.mark.golden, pytest.mark.slow]


def test_every_table_and_column_has_a_comment(release: duckdb.DuckDBPyConnection) -> None:
    tables = release.execute("select table_name from duckdb_tables() where schema_name = 'main' and coalesce(comment, '') = ''")
    assert tables.fetchall() == []
    columns = release.execute(
        "select table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and not internal and coalesce(comment, '') = ''"
    )
    assert columns.fetchall() == []


def test_meta_tables_describe_every_table_and_column(release: duckdb.DuckDBPyConnection) -> None:
    assert release.execute("select table_name from meta_tables where description = ''").fetchall() == []
    assert release.execute("select table_name, column_name from meta_columns where description = ''").fetchall() == []
    there = release.execute("select table_name from information_schema.tables where table_schema = 'main' order by 1").fetchall()
    assert release.execute("select table_name from meta_tables order by 1").fetchall() == there
    marts = release.execute("select table_name from meta_tables where table_name like 'mart_%' and notes is null").fetchall()
    assert marts == []


def test_package_and_parquet_files_say_the_same(scenario_home: Home, release: duckdb.DuckDBPyConnection) -> None:
    folder = scenario_home.current_release
    for resource in json.loads((folder / "datapackage.json").read_text())["resources"]:
        assert resource["description"], resource["name"]
        without = [field["name"] for field in resource["schema"]["fields"] if not field["description"]]
        assert without == [], resource["name"]
        told = dict(
            release.execute(
                "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(folder / resource["path"])]
            ).fetchall()
        )
        columns = json.loads(told["columns"])
        assert told["description"] and columns == {f["name"]: f["description"] for f in resource["schema"]["fields"]}


def test_the_manifest_says_what_the_release_was_made_with(scenario_home: Home) -> None:
    made = json.loads((scenario_home.current_release / "manifest.json").read_text())["made_with"]
    assert {"registry/agencies.csv", "registry/places.csv", "registry/agency_places.csv"} <= set(made["registry"])
    for group, name in (("seeds", "seed_services.csv"), ("rules", "catalogue.csv"), ("models", "mart_spend_by_place.sql")):
        assert any(path.endswith(name) for path in made[group])
    assert made["settings"]["price_base_year"] and made["version"]
