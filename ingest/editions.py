"""When a growing publication was published, by its own lines: the latest instant that one of them was changed.

Belongs here: that instant, from typed lines. Must not: order revisions (`revisions`) or read `files.csv`, which has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

import pandas as pd

from ingest.kinds import Kind
from ingest.periods import YEARS


def stated_edition(lines: pd.DataFrame, kind: Kind, landed_at: datetime) -> datetime | None:
    """The latest change that the lines state, in UTC without a zone; None where the kind has no such column or no line fills it.

    An instant after `landed_at` is a slip (nobody publishes what is not changed yet) and is passed over: believed, it would keep
    every later edition out of service.
    """
    if kind.edition_field is None:
        return None
    texts: Iterable[object] = lines[f"{kind.edition_field}_raw"]
    days: Iterable[object] = lines[kind.edition_field]
    stated = {_instant(text, day) for text, day in zip(texts, days, strict=True)}
    return max((instant for instant in stated if instant is not None and instant <= landed_at), default=None)


def _instant(text: object, day: object) -> datetime | None:
    """To the second where the text is an ISO instant, else midnight of the day as its column was read."""
    try:
        instant = datetime.fromisoformat(str(text).strip()) if isinstance(text, str) else None
    except ValueError:
        instant = None
    if instant is None and isinstance(day, date):
        instant = datetime.combine(day, time())
    if instant is None or instant.year not in YEARS:
        return None
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)
