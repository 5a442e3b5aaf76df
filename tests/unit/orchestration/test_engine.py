"""A file that is made in one go: nothing of it is logged, and a stop leaves what was last written."""

import subprocess
import sys
from pathlib import Path

import duckdb

from orchestration.engine import open_without_log
from orchestration.side_by_side import run_graph

_STOPPED = """
import os, sys
from pathlib import Path
from orchestration.engine import open_without_log
connection = open_without_log(Path(sys.argv[1]))
connection.execute("create table a as select 1 as i")
connection.execute("checkpoint")
connection.execute("create table b as select range as i from range(500000)")
os._exit(9)
"""


def _tables(path: Path) -> set[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}


def test_a_checkpoint_writes_the_file_and_no_log_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "made here.duckdb"
    with open_without_log(path) as connection:
        connection.execute("create table a as select 1 as i; create view b as select i from a")
        assert list(tmp_path.iterdir()) == [path]
        connection.execute("checkpoint")
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("from b").fetchall() == [(1,)]


def test_a_stop_leaves_the_file_as_it_was_last_written(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    assert subprocess.run([sys.executable, "-c", _STOPPED, str(path)], check=False).returncode == 9
    assert _tables(path) == {"a"}


def test_closing_writes_nothing(tmp_path: Path) -> None:
    """Who gives up closes: what was begun is in no file."""
    path = tmp_path / "w.duckdb"
    with open_without_log(path) as connection:
        connection.execute("create table a as select 1 as i; checkpoint; create table b as select 2 as i")
    assert _tables(path) == {"a"}


def test_what_is_spilled_lies_beside_the_file_not_where_the_command_runs(tmp_path: Path) -> None:
    with open_without_log(tmp_path / "it's.duckdb", {"memory_limit": "1GB"}) as connection:
        settings = connection.execute("select current_setting('temp_directory'), current_setting('memory_limit')").fetchone()
    assert settings == (f"{tmp_path}/it's.duckdb.tmp", "953.6 MiB")


def test_statements_side_by_side_are_all_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_without_log(path) as connection:
        names = [f"t{number}" for number in range(20)]
        run_graph(
            connection, dict.fromkeys(names, ()), lambda cursor, name: cursor.execute(f"create table {name} (i int)"), workers=2
        )
        connection.execute("checkpoint")
    assert _tables(path) == set(names)
