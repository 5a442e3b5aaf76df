"""Endpoints: the rows of registry files that say where an agency's returns are found, and which of them are due.

Belongs here: rows to endpoints, and the calendar. Must not: fetch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from ingest.fetch.log import History
from ingest.registry import HERE, Row, read_rows
from ingest.registry.cells import FREQUENCIES

SHIPPED = HERE / "endpoints.csv"
SHIPPED_COLUMNS = "agency_slug kind url frequency valid_from valid_to file_name source"


@dataclass(frozen=True)
class Endpoint:
    """Where one return of a publisher is found. `kind` "" lets the content tell; `url` is an http(s) or file address, or a path
    in the returns folder; valid from `valid_from` up to but not on `valid_to` (ISO dates, "" open); `file_name` "" takes the name
    that the server gives."""

    agency_slug: str
    kind: str
    url: str
    frequency: str
    valid_from: str = ""
    valid_to: str = ""
    file_name: str = ""

    @cached_property
    def key(self) -> str:
        """A short stable name: an endpoint is its agency, kind and address, so a corrected address is a new endpoint."""
        return hashlib.sha256("\n".join((self.agency_slug, self.kind, self.url)).encode()).hexdigest()[:12]


def endpoints_of(rows: Iterable[Row]) -> list[Endpoint]:
    """Endpoints of registry rows, in their order, each once."""
    names = SHIPPED_COLUMNS.split()[:-1]
    found = [Endpoint(**{name: row.get(name, "") for name in names}) for row in rows]
    return list({endpoint.key: endpoint for endpoint in found}.values())


def shipped_endpoints(path: Path = SHIPPED) -> list[Endpoint]:
    """The endpoints that come with the code: fetched on request only."""
    return endpoints_of(read_rows(path, SHIPPED_COLUMNS.split()))


def due_endpoints(
    endpoints: Iterable[Endpoint], histories: Mapping[str, History], today: date, *, failed_again: bool = True
) -> list[Endpoint]:
    """The endpoints to ask today. One that failed stays due; unless `failed_again`, not twice on one day."""
    return [e for e in endpoints if is_due(e, histories.get(e.key, History()), today, failed_again=failed_again)]


def is_due(endpoint: Endpoint, history: History, today: date, *, failed_again: bool = True) -> bool:
    """True when the endpoint is valid today and has not answered yet in this day, week, month, quarter or year (`once`: ever)."""
    day = today.isoformat()
    if (endpoint.valid_from or "0") > day or (endpoint.valid_to or "9") <= day:
        return False
    if history.success is None:
        is_fresh = False
    else:
        start = span_start(endpoint.frequency, today)
        is_fresh = start is None or history.success.day >= start
    if is_fresh:
        return False
    failed_today = history.last is not None and not history.last.is_success and history.last.day == today
    return failed_again or not failed_today


def span_start(frequency: str, today: date) -> date | None:
    """The first day of the calendar day, week (Monday), month, quarter or year that `today` is in; None for `once`.

    Raises ValueError for any other word.
    """
    match frequency:
        case "once":
            return None
        case "daily":
            return today
        case "weekly":
            return today - timedelta(days=today.weekday())
        case "monthly":
            return today.replace(day=1)
        case "quarterly":
            return today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
        case "yearly":
            return today.replace(month=1, day=1)
        case _:
            raise ValueError(f"frequency '{frequency}' is not one of {', '.join(FREQUENCIES)}")
