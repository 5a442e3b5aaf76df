"""Faults of the machine in words: a full disk, a folder that may not be written, and what to do about it.

Belongs here: telling them from their errors, wherever these come from (Python, SQLite, DuckDB, dbt, Dagster). Must not: hide an
error that is not one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.durable import FileDamaged

_FAULTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"No space left on device|database or disk is full|Disk quota exceeded|File too large", re.IGNORECASE),
        "the disk is full{where}: make room and run again; what was published stays, nothing is lost",
    ),
    (
        re.compile(r"disk I/O error", re.IGNORECASE),
        "the disk could not be written{where}: it is full, or it fails; make room and run again; what was published stays",
    ),
    (
        re.compile(r"Read-only file system|attempt to write a readonly database", re.IGNORECASE),
        "the home cannot be written{where}: it lies on a file system that is read-only; give a --home that can be written",
    ),
    (
        re.compile(r"Permission denied|Operation not permitted|unable to open database file", re.IGNORECASE),
        "no permission{where}: let whoever runs this write the home and read the returns folder, or give another --home",
    ),
)
_PATH = re.compile(r"""['"](/[^'"]+)['"]""")


def fault_words(error: BaseException) -> str | None:
    """One line for a fault of the machine, or None for any other error."""
    for cause in _chain(error):
        if isinstance(cause, FileDamaged):
            return str(cause)
        if words := explained(str(cause)):
            return words
    return None


def explained(message: str) -> str | None:
    """The same from an error's message."""
    for pattern, words in _FAULTS:
        if pattern.search(message):
            path = _PATH.search(message)
            return words.format(where=f" ({path[1]})" if path else "")
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__
