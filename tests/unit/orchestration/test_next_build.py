"""The next working database begins as a copy of the last: its sources are those of this run, its other tables are there."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.next_build import begin_next, make_anew, swap_in, take_sources


def write(path: Path, *statements: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        for schema in ("lake", "intake", "registry", "run"):
            connection.execute(f"create schema {schema}")
        for statement in statements:
            connection.execute(statement)
    return path


@pytest.mark.parametrize("can_share_blocks", [True, False])
def test_sources_are_those_of_this_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_share_blocks: bool) -> None:
    def cannot(*_: object) -> int:
        raise OSError("these file systems share no blocks")

    if not can_share_blocks:
        monkeypatch.setattr("os.copy_file_range", cannot)
    built = write(
        tmp_path / "kept" / "warehouse.duckdb",
        "create table main.sums as select 7 as gbp",
        "create table registry.areas as select 'old' as area",
        "create table registry.gone as select 1 as x",
        "create table intake.findings as select 'same' as finding",
        "create view lake.spend as select 1 as gbp",
        "create table lake.count as select 2 as gbp",
        "create table run.lake_files as select 'old' as stamp",
    )
    prepared = write(
        tmp_path / "build" / "warehouse.duckdb",
        "create table registry.areas as select 'new' as area, 2 as more",
        "create table intake.findings as select 'never read: it is said to be the same' as finding",
        "create table intake.waivers as select 3 as waiver",
        "create table lake.spend as select 5 as gbp",
        "create view lake.count as select gbp + 1 as gbp from lake.spend",
        "create table run.lake_files as select 'new' as stamp",
    )
    (prepared.parent / "next").mkdir()
    (prepared.parent / "next" / "warehouse.duckdb.wal").write_bytes(b"left by a stop")
    target = begin_next(prepared, built)
    with duckdb.connect(str(target)) as connection:
        run = connection.execute
        run(f"attach '{built}' as built (read_only)")
        take_sources(connection, prepared, {"intake.findings", "intake.waivers"})
        assert run("from registry.areas").fetchall() == [("new", 2)]
        assert run("from intake.findings").fetchall() == [("same",)]
        assert run("from intake.waivers").fetchall() == [(3,)]  # it was not there to stay
        assert run("select s.gbp, c.gbp, stamp from lake.spend as s, lake.count as c, run.lake_files").fetchall() == [(5, 6, "new")]
        found = run("select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()")
        assert {name for (name,) in found.fetchall()} == {
            "main.sums", "registry.areas", "intake.findings", "intake.waivers", "lake.spend", "run.lake_files",
        }  # fmt: skip
        assert run("from main.sums").fetchall() == [(7,)]
        make_anew(connection, "sums", "create table main.sums (gbp integer)")
        assert run("from main.sums").fetchall() == []
    swap_in(target, prepared)
    assert [path.name for path in prepared.parent.iterdir()] == ["warehouse.duckdb"]
    with duckdb.connect(str(prepared), read_only=True) as connection:
        assert connection.execute("from registry.areas").fetchall() == [("new", 2)]
