"""The attempt log: one JSON line for every attempt, one file a day under landing/attempts.

Belongs here: writing and reading it. It is also the memory of fetching: what answered when, and with which validators.
A line torn by a kill is passed over, never a reason to stop.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from ingest.home import Home

SUCCESSES = ("fetched", "unchanged")


@dataclass(frozen=True)
class Attempt:
    """One attempt at an endpoint. `outcome`: `fetched`, `unchanged`, or what went wrong (a word of client.Outcome); `hops`: the
    addresses asked, in order; `is_final`: no further try followed; `error`: words for a person."""

    endpoint: str
    agency_slug: str
    kind: str
    url: str
    at: str
    number: int
    outcome: str
    is_final: bool
    final_url: str = ""
    hops: tuple[str, ...] = ()
    status: int | None = None
    size_bytes: int = 0
    seconds: float = 0.0
    error: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    file_name: str = ""

    @property
    def is_success(self) -> bool:
        return self.outcome in SUCCESSES

    @property
    def day(self) -> date:
        return datetime.fromisoformat(self.at).date()


@dataclass(frozen=True)
class History:
    """What is remembered of an endpoint: its last final attempt, and the last that succeeded."""

    last: Attempt | None = None
    success: Attempt | None = None


_NAMES = frozenset(field.name for field in fields(Attempt))


class AttemptLog:
    """The attempt log of a home. Threads may append."""

    def __init__(self, home: Home) -> None:
        self.folder = home.landing / "attempts"
        self._lock = threading.Lock()

    def append(self, attempt: Attempt) -> None:
        """Write one line at the end of its day's file, whole or not at all for those who read."""
        path = self.folder / f"{attempt.day.isoformat()}.jsonl"
        line = json.dumps(asdict(attempt), sort_keys=True).encode() + b"\n"
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("ab+") as handle:
                if size := handle.tell():
                    handle.seek(size - 1)
                    if handle.read(1) != b"\n":  # a line torn by a kill stays alone
                        line = b"\n" + line
                handle.write(line)

    def attempts(self) -> Iterator[Attempt]:
        """Every attempt, day by day in the order written."""
        for path in sorted(self.folder.glob("*.jsonl")):
            for line in path.read_bytes().splitlines():
                if (attempt := _read(line)) is not None:
                    yield attempt

    def histories(self, until: datetime | None = None) -> dict[str, History]:
        """Endpoint key -> its history, up to an instant where one is given."""
        found: dict[str, History] = {}
        for attempt in self.attempts():
            if attempt.is_final and (until is None or datetime.fromisoformat(attempt.at) <= until):
                before = found.get(attempt.endpoint, History())
                found[attempt.endpoint] = History(attempt, attempt if attempt.is_success else before.success)
        return found


def _read(line: bytes) -> Attempt | None:
    try:
        row: Any = json.loads(line)
        known: dict[str, Any] = {name: value for name, value in row.items() if name in _NAMES}
        known["hops"] = tuple(row["hops"])
        attempt = Attempt(**known)
        datetime.fromisoformat(attempt.at)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return attempt
