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
from collections.abc import Callable, Collection
from pathlib import Path

import duckdb

from orchestration.transform import PROJECT

FOLDER = PROJECT / "target" / "compiled"
_DATABASE = "warehouse.duckdb"
_MOST = 4  # builds kept: of other rules, and of the code before


def empty_build(key: str) -> Path | None:
    """The folder of the empty build of this key, or None."""
    folder = FOLDER / key
    return folder if folder.is_dir() else None


def keep_empty(key: str, warehouse: Path, seeds: Collection[str], note: Callable[[Path], None]) -> None:
    """Keep the tables of a working database without rows, those of seeds with theirs. `note` writes into the folder what else is
    to be known, when the database lies there. Nothing is kept where the folder cannot be written to."""
    if (FOLDER / key).exists():
        return
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=FOLDER, prefix="."))
    except OSError:
        return
    try:
        _write(aside / _DATABASE, warehouse, seeds)
        note(aside)
        aside.rename(FOLDER / key)
    except OSError:  # another run was first, or the disk is full: dbt compiles again
        pass
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    built = sorted((path for path in FOLDER.iterdir() if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime_ns)
    for path in built[:-_MOST]:
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
