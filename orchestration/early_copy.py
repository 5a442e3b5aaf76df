"""The end of a build, while Dagster still writes down what was built: its file is written, the tables of a release are copied.

Belongs here: beginning that, waiting for it, and handing the copy to whoever publishes that very build. Must not: decide whether
there is a release.

A build is followed by hundreds of events, which are Python's work; the rest is the database's. Together they take as long as the
longer of the two, where Python hands over often enough: DuckDB asks for its turn after every few thousand rows, and by default
waits 5 ms each time (a second's work took ten). A copy of another build, or one that failed, is thrown away and made again by
whoever publishes.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
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
    built: Future[None]
    tables: Future[tuple[tuple[int, ...], dict[str, Any]]]  # of which file, and what is said of them
    turn_before: float


_BEGUN: dict[Path, _Copy] = {}


def begin_copy(home: Home, finish: Callable[[], None] = lambda: None) -> None:
    """Call `finish`, which writes the working database, and copy its tables, both while this process goes on. Nobody may open the
    database before `wait_for_build`, or write to it before the tables are asked for."""
    drop_copy(home)
    folder = _folder(home)
    (folder / "marts").mkdir(parents=True)
    built: Future[None] = Future()
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="release-copy")
    _BEGUN[home.root] = _Copy(built, thread.submit(_finish_and_copy, home, folder, finish, built), sys.getswitchinterval())
    sys.setswitchinterval(_TURN_SECONDS)
    thread.shutdown(wait=False)  # it ends with its work


def wait_for_build(home: Home) -> None:
    """Return when the working database of a copy that was begun is written. Raises what writing it raised."""
    begun = _BEGUN.get(home.root)
    if begun is not None:
        begun.built.result()


def _finish_and_copy(
    home: Home, folder: Path, finish: Callable[[], None], built: Future[None]
) -> tuple[tuple[int, ...], dict[str, Any]]:
    try:
        finish()
    except BaseException as error:
        built.set_exception(error)
        raise
    built.set_result(None)
    return _stamp(home), copy_tables(home.warehouse, folder)


def copied_tables(home: Home, target: Path) -> dict[str, Any]:
    """The tables of the working database in the folder `target`, which must not be there yet; what `copy_tables` says of them.

    Raises what `copy_tables` raises.
    """
    begun = _ended(home)
    if begun is not None and begun.tables.exception() is None:
        stamp, tables = begun.tables.result()
        with suppress(OSError):  # they may lie on two file systems
            if stamp == _stamp(home):
                _folder(home).replace(target)
                return tables
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
