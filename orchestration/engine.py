"""How DuckDB is set to work: one statement on all threads where there are many lines, else each statement on one.

Belongs here: telling which it is, and setting it; opening a file that is made in one go. Must not: decide what is run.

To share a small table among threads costs more than it gives: the tables of a release of 90,000 lines are copied with a quarter
less CPU on one thread, and two statements side by side, each on its own, end sooner than one after the other on two.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

MANY_LINES = 1_000_000


def open_without_log(path: Path, settings: Mapping[str, str] | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a database file, made where there is none, that is written by `checkpoint` alone: what is committed after
    it is neither logged nor written by closing. For a file that counts for nothing until it is whole; a stop leaves it as it was
    last written.

    Its statements read and write this database; those of a cursor do when it was told to `use` it. Raises duckdb.Error.
    """
    connection = duckdb.connect(config=dict(settings or {}))
    name, quoted = path.stem, str(path).replace("'", "''")
    try:
        connection.execute("pragma disable_checkpoint_on_shutdown; set checkpoint_threshold = '100GB'")  # none by itself
        connection.execute("set autoinstall_known_extensions = false")
        connection.execute(f"set temp_directory = '{quoted}.tmp'")  # beside the file, as where it is opened by its path
        connection.execute(f"attach '{quoted}' as \"{name}\" (recovery_mode 'no_wal_writes')")
        connection.execute(f'use "{name}"')
    except duckdb.Error:
        connection.close()
        raise
    return connection


def work_on_one_thread_each(connection: duckdb.DuckDBPyConnection, database: str) -> bool:
    """Set it so where the working database named `database` counts few lines; whether it is so."""
    if _lines(connection, database) > MANY_LINES:
        return False
    connection.execute("set threads = 1")
    return True


def _lines(connection: duckdb.DuckDBPyConnection, database: str) -> int:
    """Accepted lines of all returns; of a database that says nothing of them, the rows of its tables."""
    try:
        row = connection.execute(f'select coalesce(sum(accepted_count), 0) from "{database}".intake.ledger').fetchone()
    except duckdb.CatalogException:
        row = connection.execute(
            "select coalesce(sum(estimated_size), 0) from duckdb_tables() where database_name = ?", [database]
        ).fetchone()
    assert row is not None
    return int(row[0])
