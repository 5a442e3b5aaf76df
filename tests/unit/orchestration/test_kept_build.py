"""An incremental build: what reads something that changed is built, what does not is kept, and any doubt is dbt's to settle."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from orchestration import compiled, kept_build, kept_statements
from orchestration.kept_build import KeptNode, build, built_anew
from orchestration.transform import NodeResult, ensure_manifest

_SUMS = "select agency, sum(gbp)::int as gbp from main.lines group by all"
NODES = (
    KeptNode("seed.t.kinds", "seed", "kinds", "seed", "", ()),
    KeptNode("model.t.lines", "model", "lines", "view", "select * from lake.spend", ("source.t.lake.spend",)),
    KeptNode("model.t.sums", "model", "sums", "table", _SUMS, ("model.t.lines",)),
    KeptNode("model.t.names", "model", "names", "table", "select distinct agency from main.lines", ("model.t.lines",)),
    KeptNode("model.t.who", "model", "who", "table", "select count(*) as n from main.names", ("model.t.names",)),
    KeptNode("model.t.held", "model", "held", "table", "select * from intake.held", ("source.t.intake.held",)),
    KeptNode("test.t.positive", "test", "positive", "test", "from main.sums where gbp < 0", ("model.t.sums",), "count(*)", "!= 0"),
)  # fmt: skip
_TABLES = {
    "kinds": "(kind varchar)", "sums": "(agency varchar not null, gbp integer)", "names": "(agency varchar)", "who": "(n bigint)",
    "held": "(file varchar)",
}  # fmt: skip


def prepare(home: Home, spend: str, held: str = "('a.csv')") -> None:
    """The sources, in a new file as every run writes it."""
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema lake; create schema intake; create schema registry")
        connection.execute(f"create table lake.spend as from (values {spend}) as t(agency, gbp)")
        connection.execute(f"create table intake.held as from (values {held}) as t(file)")
        connection.execute("create table registry.agencies (agency_slug varchar)")
        connection.execute("create table registry.service_rules (words varchar)")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """dbt, as far as a build needs it: it builds everything, and says what it compiled."""
    made: list[str] = []
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "code" / "compiled")

    def run(command: list[str], warehouse: Path, logs: Path, take: object) -> list[NodeResult]:
        made.append("dbt")
        with duckdb.connect(str(warehouse)) as connection:
            for node in NODES:
                if node.materialized == "view":
                    connection.execute(f"create view main.{node.name} as ({node.sql})")
                elif node.resource_type != "test":
                    connection.execute(f"create table main.{node.name} {_TABLES[node.name]}")
                    connection.execute(f"insert into main.{node.name} {node.sql or 'values (1)'}")
        found.extend(NODES)
        return [NodeResult(n.unique_id, n.resource_type, n.name, "success", "", 0, 0.1) for n in NODES]

    found: list[KeptNode] = []

    def nodes_into(nodes: list[KeptNode]) -> None:
        nonlocal found
        found = nodes

    monkeypatch.setattr(kept_build, "run_dbt", run)
    monkeypatch.setattr(kept_build, "nodes_into", nodes_into)
    return made


def rows(home: Home, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(f"from main.{table} order by all").fetchall()


def test_only_what_depends_on_a_change_is_built_and_stops_where_nothing_changed(tmp_path: Path, calls: list[str]) -> None:
    home = Home(tmp_path)
    prepare(home, "('a', 1), ('b', 2)")
    assert len(built_anew(build(home))) == 5 and calls == ["dbt"]
    prepare(home, "('b', 2), ('a', 1)")  # the same rows: nothing is built
    assert built_anew(build(home)) == []
    prepare(home, "('a', 1), ('b', 2), ('b', 5)")
    assert built_anew(build(home)) == ["lines", "sums", "names"]  # the names are what they were: who reads them is not built
    assert rows(home, "sums") == [("a", 1), ("b", 7)] and rows(home, "who") == [(2,)] and rows(home, "kinds") == [("1",)]
    prepare(home, "('a', 1), ('c', 2)", "('b.csv')")
    assert built_anew(build(home)) == ["lines", "sums", "names", "who", "held"]
    assert rows(home, "names") == [("a",), ("c",)] and rows(home, "held") == [("b.csv",)]
    assert calls == ["dbt"]


def test_a_kept_table_has_the_constraints_of_its_contract(tmp_path: Path, calls: list[str]) -> None:
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    prepare(home, "('a', 1), (null, 2)")
    with pytest.raises(duckdb.ConstraintException):  # dbt finds it too, and words it
        build(home)
    assert calls == ["dbt", "dbt"]


def test_without_room_for_a_copy_of_the_last_file_dbt_builds(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    prepare(home, "('a', 1), ('b', 2)")

    def no_room(warehouse: Path, built: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_statements, "begin_next", no_room)
    said: list[str] = []
    build(home, said.append)
    assert calls == ["dbt", "dbt"] and "No space left" in said[0] and len(rows(home, "lines")) == 2


def test_what_was_begun_of_a_build_that_is_given_up_takes_no_room(tmp_path: Path, calls: list[str]) -> None:
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    prepare(home, "('a', -1)")  # a test fails
    build(home)
    assert calls == ["dbt", "dbt"] and not (home.warehouse.parent / "next").exists()


@pytest.mark.parametrize(
    "harm", ["a failing test", "another database", "an unreadable note", "a rule of the registry", "no database"]
)
def test_any_doubt_is_settled_from_the_start(tmp_path: Path, calls: list[str], harm: str) -> None:
    """By dbt where what it compiled does not hold, else with the empty build that lies beside the code."""
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    kept = home.warehouse.parent / "kept"
    prepare(home, "('a', -1)" if harm == "a failing test" else "('a', 3)")
    if harm == "another database":
        with duckdb.connect(str(kept / "warehouse.duckdb")) as connection:
            connection.execute("update main.kinds set kind = 'lost'")
    elif harm == "an unreadable note":
        (kept / "build.json").write_text("{")
    elif harm == "a rule of the registry":
        with duckdb.connect(str(home.warehouse)) as connection:
            connection.execute("insert into registry.service_rules values ('library')")
    elif harm == "no database":
        (kept / "warehouse.duckdb").unlink()
    assert len(built_anew(build(home))) == 5
    assert calls == ["dbt"] * (2 if harm in ("a failing test", "a rule of the registry") else 1)
    assert rows(home, "sums") == [("a", -1 if harm == "a failing test" else 3)]
    assert rows(home, "kinds") == [("1",)]


def test_an_empty_build_that_cannot_be_read_is_none(tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may take it away. What was opened of the working database is closed: dbt builds in that file."""
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    kept_build.forget(home)
    prepare(home, "('a', 3)")

    def gone(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
        raise duckdb.IOException("IO Error: no such file")

    monkeypatch.setattr(kept_statements, "_shapes", gone)
    said: list[str] = []
    build(home, said.append)
    assert calls == ["dbt", "dbt"] and "no such file" in said[0] and rows(home, "sums") == [("a", 3)]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), duckdb.IOException("IO Error: No space left on device")])
def test_without_room_beside_the_code_the_build_is_none_the_worse(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def no_room(*_: object) -> None:
        raise error

    monkeypatch.setattr(compiled, "_write", no_room)
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    assert calls == ["dbt"] and len(rows(home, "lines")) == 1 and not list(compiled.FOLDER.iterdir())


def test_what_a_stop_left_beside_the_code_goes_after_a_day(tmp_path: Path, calls: list[str]) -> None:
    left, fresh = compiled.FOLDER / ".left", compiled.FOLDER / ".fresh"
    for folder in (left, fresh):
        folder.mkdir(parents=True)
    os.utime(left, (0, 0))
    home = Home(tmp_path)
    prepare(home, "('a', 1)")
    build(home)
    assert calls == ["dbt"] and fresh.exists() and not left.exists()


def test_another_home_begins_with_what_dbt_compiled(tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (Home(tmp_path / name) for name in ("first", "second", "third"))
    prepare(first, "('a', 1), ('b', 2)")
    build(first)
    shutil.copytree(compiled.FOLDER, tmp_path / "copy")  # as an image has it: the times of its files are others
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "copy")
    prepare(second, "('a', 1), ('b', 2)")
    assert len(built_anew(build(second))) == 5 and calls == ["dbt"]  # everything is built, and dbt is not asked
    assert kept_build.table_hashes(second.warehouse) == kept_build.table_hashes(first.warehouse)
    prepare(second, "('b', 2), ('a', 1)")
    assert built_anew(build(second)) == [] and calls == ["dbt"]  # from here on its own last build is there
    prepare(third, "('a', -1)")
    build(third)
    assert calls == ["dbt", "dbt"]  # a test fails: dbt says so
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "file" / "compiled")
    (tmp_path / "file").write_text("no folder can be made here")
    kept_build.forget(third)
    prepare(third, "('a', 2)")
    build(third)
    assert calls == ["dbt"] * 3 and rows(third, "sums") == [("a", 2)]


def test_rules_are_compiled_from_registry_and_seeds_alone() -> None:
    """SQL that is written from the rows of a table may be kept only while those rows are: the key holds seeds and these tables."""
    manifest = ensure_manifest()
    nodes = manifest["nodes"]
    by_name = {node["name"]: key for key, node in nodes.items() if node["resource_type"] in ("model", "seed")}

    def sources(key: str) -> set[str]:
        if key.startswith("source."):
            return {".".join(key.split(".")[2:])}
        return set().union(*(sources(above) for above in nodes[key].get("depends_on", {}).get("nodes", [])), set())

    own = {key: macro for key, macro in manifest["macros"].items() if macro["package_name"] == "totalplace"}
    asks = {key for key, macro in own.items() if "run_query(" in macro["macro_sql"]}
    callers = {macro["name"] for key, macro in own.items() if asks & {key, *macro["depends_on"]["macros"]}}
    read: set[str] = set()
    for node in nodes.values():
        if node["resource_type"] == "model" and any(re.search(rf"\b{name}\(", node["raw_code"]) for name in callers):
            for name in callers:
                read |= set(re.findall(rf"\b{name}\(\s*ref\(\s*['\"](\w+)", node["raw_code"]))
            for statement in re.findall(r"\{%-? set .*?%\}", node["raw_code"]):  # relations that are given to them by name
                read |= set(re.findall(r"\bref\(\s*['\"](stg_registry__\w+)", statement))
    assert len(read) == 4, "other rows than before are written into models"
    asked = set().union(*(sources(by_name[name]) for name in read))
    assert asked == {f"registry.{name}" for name in kept_build.COMPILED_IN}
