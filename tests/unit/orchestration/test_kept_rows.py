"""Rows that belong to returns: those of returns that did not change are kept, while what was said of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.kept_rows import KeptRows

_SQL = (
    "select origin_no, row_number, lake.spend.payee, says from lake.spend"
    ' inner join main.int_flow__origins using (revision_id) left join "warehouse"."main"."payees" using (payee)'
)
_SAID = {"column": "origin_no", "beside": {"payees": {"key": ["payee"], "says": ["says"]}}}
_COLUMNS = "origin_no, row_number, payee, says"


def database(path: Path, *, lines: str, stamps: str, payees: str) -> None:
    """A working database with its sources, origins and payees: `r1` and `r2` are returns, a stamp tells what each is."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema lake; create schema run")
        connection.execute(f"create table main.all_lines as from (values {lines}) as t(revision_id, row_number, payee)")
        connection.execute("create view lake.spend as select * from main.all_lines")
        connection.execute(f"create table run.lake_files as from (values {stamps}) as t(kind, revision_id, stamp)")
        connection.execute(
            "create view lake.ledger_origins as select distinct revision_id, hash(revision_id) as origin_no from lake.spend"
        )
        connection.execute("create table main.int_flow__origins as from lake.ledger_origins")
        connection.execute(f"create table main.payees as from (values {payees}) as t(payee, says)")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    database(
        tmp_path / "built.duckdb",
        lines="('r1', 1, 'ann'), ('r1', 2, 'bob'), ('r2', 1, 'ann')",
        stamps="('spend', 'r1', 'x'), ('spend', 'r2', 'x')",
        payees="('ann', 'a'), ('bob', 'b')",
    )
    with duckdb.connect(str(tmp_path / "built.duckdb")) as built:
        built.execute(f"create table main.rows as {_SQL.replace(chr(34) + 'warehouse' + chr(34), 'built')}")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        yield connection


def prepare(connection: duckdb.DuckDBPyConnection, tmp_path: Path, *, payees: str) -> KeptRows:
    """`r1` stays, `r2` is replaced by `r3`."""
    connection.close()
    database(
        tmp_path / "warehouse.duckdb",
        lines="('r1', 1, 'ann'), ('r1', 2, 'bob'), ('r3', 1, 'cid'), ('r3', 2, null)",
        stamps="('spend', 'r1', 'x'), ('spend', 'r3', 'y')",
        payees=payees,
    )
    connection = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    connection.execute(f"attach '{tmp_path / 'built.duckdb'}' as built (read_only)")
    connection.execute("create table main.rows as from built.main.rows")  # as a copy of the last build has it
    return KeptRows(connection)


@pytest.mark.parametrize("are_origins_built", [True, False])
def test_only_what_changed_is_read_and_the_rows_are_those_of_the_statement(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, are_origins_built: bool
) -> None:
    sql = _SQL
    rows = prepare(connection, tmp_path, payees="('ann', 'a'), ('bob', 'b'), ('cid', 'c')")
    run = rows.connection.execute
    assert rows.can_keep(_SAID, {"source.t.lake.spend", "model.t.payees"})
    if not are_origins_built:  # as where nothing that a statement reads has to wait for them
        run("create or replace table main.later as from main.int_flow__origins")
        run("create or replace table main.int_flow__origins as from built.main.int_flow__origins")
        sql = _SQL.replace("main.int_flow__origins", "main.later")
    run("update main.all_lines set payee = 'never read' where revision_id = 'r1'")
    assert rows.build("model.t.rows", "rows", sql, _COLUMNS, _SAID)
    assert run("select row_number, payee, says from main.rows order by all").fetchall() == [
        (1, "ann", "a"), (1, "cid", "c"), (2, "bob", "b"), (2, None, None),
    ]  # fmt: skip
    assert run("select count(*) from lake.spend").fetchone() == (4,)  # the lake is whole again
    # who reads these rows may keep its own, and is built from the rows that changed alone
    said = {"column": "origin_no", "reads": ["rows"]}
    assert rows.can_keep(said, {"model.t.rows"}) and not rows.can_keep(_SAID, {"model.t.unheard_of"})
    with pytest.raises(LookupError):
        rows.build("model.t.rows", "rows", "select 1", _COLUMNS, said)


@pytest.mark.parametrize("harm", ["another answer", "another table", "another source", "nothing is said"])
def test_rows_are_not_kept_where_what_decides_them_changed(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, harm: str
) -> None:
    rows = prepare(connection, tmp_path, payees="('ann', 'another')" if harm == "another answer" else "('ann', 'a')")
    changed = {"another table": {"model.t.rules"}, "another source": {"source.t.lake.count"}}.get(harm, {"model.t.payees"})
    assert not rows.can_keep({} if harm == "nothing is said" else _SAID, changed)


def test_without_knowing_the_files_nothing_is_kept(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    rows = prepare(connection, tmp_path, payees="('ann', 'a')")
    rows.connection.execute("drop table run.lake_files")
    assert not KeptRows(rows.connection).can_keep(_SAID, set())


def test_rows_of_an_agency_are_built_from_all_its_returns_where_one_of_them_changed(tmp_path: Path) -> None:
    counted = "select ledger_no, payee, count(*)::int as paid from main.rows group by all"
    for name, stamp, lines in (
        ("built", "x", "('a1', 1, 1, 'ann'), ('a2', 2, 2, 'ann'), ('b1', 3, 3, 'ann')"),
        ("warehouse", "y", "('a1', 1, 1, 'ann'), ('a3', 4, 2, 'bob'), ('a3', 4, 2, 'bob'), ('b1', 3, 3, 'never read')"),
    ):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            run = connection.execute
            run("create schema lake; create schema run")
            run(f"create table main.rows as from (values {lines}) as t(revision_id, origin_no, ledger_no, payee)")
            run(
                "create table main.int_flow__origins as select distinct * exclude (payee), left(revision_id, 1) as agency_slug"
                " from main.rows"
            )
            run("create view lake.ledger_origins as from main.int_flow__origins")
            run("create table run.lake_files as select distinct 'spend' as kind, revision_id, 'x' as stamp from main.rows")
            run(f"update run.lake_files set stamp = '{stamp}' where revision_id = 'a3'")
            run(f"create table main.counted as {counted}")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        run = connection.execute
        run(f"attach '{tmp_path / 'built.duckdb'}' as built (read_only)")
        run("create or replace table main.counted as from built.main.counted")
        rows = KeptRows(connection)
        rows.partly.add("model.t.rows")
        said = {"column": "ledger_no", "of": "agency", "reads": ["rows"]}
        assert rows.can_keep(said, {"model.t.rows"})
        assert rows.build("model.t.counted", "counted", counted, "ledger_no, payee, paid", said)
        assert run("from main.counted order by all").fetchall() == [(1, "ann", 1), (2, "bob", 2), (3, "ann", 1)]


def test_answers_are_asked_for_rows_that_are_new(tmp_path: Path) -> None:
    said = {"of": "rows", "reads": ["texts"], "key": ["scope", "text"]}
    for name, texts in (
        ("built", "(1, 'rent', 'a'), (1, 'fuel', 'a'), (2, 'gone', 'a'), (3, 'rent', 'other type')"),
        ("warehouse", "(1, 'rent', 'a'), (1, 'fuel', 'a'), (2, 'new', 'a'), (3, 'rent', 'a')"),
    ):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute(f"create table main.texts as from (values {texts}) as t(scope, text, agency_type)")
            connection.execute(
                "create table main.answers as from (values (1, 'rent', 'kept'), (1, 'fuel', null)) as t(scope, text, answer)"
            )
            connection.execute("insert into main.answers values (2, 'gone', 'old'), (3, 'rent', 'old')")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        run = connection.execute
        run(f"attach '{tmp_path / 'built.duckdb'}' as built (read_only)")
        rows = KeptRows(connection)  # nothing tells here which returns changed, and nothing needs it
        assert rows.can_keep(said, {"model.t.texts"})
        assert not rows.can_keep(said, {"model.t.texts", "model.t.rules"}) and not rows.can_keep(said, {"source.t.lake.texts"})
        sql = 'select scope, text, agency_type || text as answer from "warehouse"."main"."texts"'
        assert rows.build("model.t.answers", "answers", sql, "scope, text, answer", said)
        assert run("from main.answers order by all").fetchall() == [
            (1, "fuel", None), (1, "rent", "kept"), (2, "new", "anew"), (3, "rent", "arent"),
        ]  # fmt: skip
        assert not rows.partly  # who reads answers reads all of them
        run("detach built")
        run("attach ':memory:' as built")
        run("create table built.main.texts as from main.texts")
        assert not rows.build("model.t.answers", "answers", sql, "scope, text, answer", said)  # nothing new, nothing asked
