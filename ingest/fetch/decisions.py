"""What to do after an attempt that failed: try again and when, or leave it. Pure: no clock, no chance, no network of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetch.client import Answer
from ingest.fetch.settings import FetchSettings

TRIED_AGAIN = frozenset(("unreachable", "stalled", "cut_short", "busy", "server_error"))
Uniform = Callable[[float, float], float]


def wait_before_next(answer: Answer, number: int, settings: FetchSettings, now: datetime, uniform: Uniform) -> float | None:
    """Seconds to wait before the next try after try `number` (1 for the first), or None: this answer stands.

    Back-off doubles from try to try up to its cap, with full jitter (a random wait between nothing and that), so that many
    clients of a server that fell over do not all come back at once. A server's Retry-After is waited for; one longer than the
    settings allow ends the tries for now, since to come back earlier than asked would be rude.
    """
    if answer.outcome not in TRIED_AGAIN or number >= settings.tries:
        return None
    if answer.status in (501, 505):  # the server cannot do this at all: a second later it still cannot
        return None
    asked = retry_after_seconds(answer.retry_after, now)
    if asked > settings.retry_after_seconds:
        return None
    ceiling = min(settings.back_off_cap_seconds, settings.back_off_seconds * 2 ** min(number - 1, 30))
    return max(asked, uniform(0, ceiling))


def retry_after_seconds(header: str, now: datetime) -> float:
    """Seconds that a Retry-After header asks for (a number, or a date against `now` in UTC without zone); 0 when it says nothing
    that can be read."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:12]), 10**9))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return max(0.0, (moment - now).total_seconds())
