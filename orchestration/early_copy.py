"""The tables of a release, copied while Dagster still writes down what was built.

Belongs here: beginning the copy, and handing it to whoever publishes that very build. Must not: decide whether there is a release.

A build is followed by hundreds of events, which are Python's work; the copy is the database's. Together they take as long as the
longer of the two, where Python hands over often enough: DuckDB asks for its turn after every few thousand rows, and by default
waits 5 ms each time (a second's work took ten). A copy of another build, or one that failed, is thrown away and made again by whoever publishes.
"""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.home import Home
from orchestration.release_tables import copy_tables

FOLDER = "next_release"  # beside the working database
_TURN_SECONDS = 0.0002  # of Python, while something is copied


@dataclass(frozen=True)
class _Copy:
    stamp: tuple[int, ...]
    tables: Future[dict[str, Any]]
    turn_before: float


_BEGUN: dict[Path, _Copy] = {}


def begin_copy(home: Home) -> None:
    """Begin to copy the tables of the working database, which must not be written to until they are asked for."""
    drop_copy(home)
    folder = _folder(home)
    (folder / "marts").mkdir(parents=True)
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="release-copy")
    _BEGUN[home.root] = _Copy(_stamp(home), thread.submit(copy_tables, home.warehouse, folder), sys.getswitchinterval())
    sys.setswitchinterval(_TURN_SECONDS)
    thread.shutdown(wait=False)  # it ends with its work


def copied_tables(home: Home, target: Path) -> dict[str, Any]:
    """The tables of the working database in the folder `target`, which must not be there yet; what `copy_tables` says of them.

    Raises what `copy_tables` raises.
    """
    begun = _ended(home)
    if begun is not None and begun.tables.exception() is None and begun.stamp == _stamp(home):
        with suppress(OSError):  # they may lie on two file systems
            _folder(home).replace(target)
            return begun.tables.result()
    drop_copy(home)
    (target / "marts").mkdir(parents=True)
    return copy_tables(home.warehouse, target)


def drop_copy(home: Home) -> None:
    """Throw away a copy that nobody asked for, and what a stop left of one."""
    _ended(home)
    shutil.rmtree(_folder(home), ignore_errors=True)


def _ended(home: Home) -> _Copy | None:
    """The copy that was begun, when it has ended: until then it is writing."""
    begun = _BEGUN.pop(home.root, None)
    if begun is not None:
        begun.tables.exception()
        sys.setswitchinterval(begun.turn_before)
    return begun


def _folder(home: Home) -> Path:
    return home.warehouse.parent / FOLDER


def _stamp(home: Home) -> tuple[int, ...]:
    """Which file the working database is, as it stands."""
    stat = home.warehouse.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
