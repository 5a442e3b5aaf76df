"""The project as dbt compiled it, kept beside the code: a home that has no last build begins with an empty one.

Belongs here: the folder of empty builds, writing one, taking old ones away. Must not: compile (that is dbt's), or decide what a
build's key is (that is `kept_build`).

What dbt compiles depends on the project and on the rules in force, not on returns: whoever builds first with both leaves here the
statements, the tables without rows, and the seeds. Like the manifest it is made of the code and lies with it; where that cannot be
written nothing is kept, and each home begins with dbt.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import duckdb

from orchestration.transform import PROJECT

FOLDER = PROJECT / "target" / "compiled"
_DATABASE = "warehouse.duckdb"
_MOST = 4  # builds kept: of other rules, and of the code before
_LONG_SECONDS = 24 * 3600


def empty_build(key: str) -> Path | None:
    """The folder of the empty build of this key, or None."""
    folder = FOLDER / key
    return folder if folder.is_dir() else None


def keep_empty(key: str, warehouse: Path, seeds: Collection[str], note: Callable[[Path], None]) -> None:
    """Keep the tables of a working database without rows, those of seeds with theirs. `note` writes into the folder what else is
    to be known, when the database lies there. Nothing is kept where the folder cannot be written to."""
    if (FOLDER / key).exists():
        return
    with suppress(OSError, duckdb.Error):  # another run was first, or the disk is full: dbt compiles again
        FOLDER.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=FOLDER, prefix="."))
        try:
            _write(aside / _DATABASE, warehouse, seeds)
            note(aside)
            aside.rename(FOLDER / key)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _tidy()


def _tidy() -> None:
    """Keep the latest; what a stop left half written goes when it is a day old: nobody writes for so long."""
    found = {path: path.stat().st_mtime for path in FOLDER.iterdir()}
    built = sorted((path for path in found if not path.name.startswith(".")), key=found.__getitem__)
    left = [path for path in found if path.name.startswith(".") and found[path] < time.time() - _LONG_SECONDS]
    for path in [*built[:-_MOST], *left]:
        shutil.rmtree(path, ignore_errors=True)


def _write(database: Path, warehouse: Path, seeds: Collection[str]) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{str(warehouse).replace(chr(39), chr(39) * 2)}' as built (read_only)")
        connection.execute("begin")
        for name, sql in connection.execute(
            "select table_name, sql from duckdb_tables() where database_name = 'built' and schema_name = 'main'"
        ).fetchall():
            connection.execute(sql)
            if name in seeds:
                connection.execute(f'insert into main."{name}" from built.main."{name}"')
        connection.execute("commit")
        connection.execute("detach built")
