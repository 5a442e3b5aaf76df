"""The rhythm that an agency keeps: how long the periods of its returns are, whatever the calendar asks for.

Belongs here: lengths of periods, and cutting time into periods of one length. Must not: know of rules or agencies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from ingest.periods import Period, month_period, quarter_period, year_period

LENGTHS = ("month", "quarter", "financial_year")  # finest first
LOOKED_AT = 6  # the latest periods sent: a publisher that went from quarters to months is a monthly one now
NEEDED = 3  # fewer periods than this are no rhythm


def length_of(period: Period) -> str:
    days = (period.end - period.start).days
    return "month" if days <= 31 else "quarter" if days <= 92 else "financial_year"


def learned_rhythm(sent: Sequence[Period]) -> str | None:
    """The length of most of the latest periods sent; None where fewer than three were, or no length has more than half."""
    latest = sorted(set(sent))[-LOOKED_AT:]
    if len(latest) < NEEDED:
        return None
    length, count = Counter(map(length_of, latest)).most_common(1)[0]
    return length if 2 * count > len(latest) else None


def finer(one: str, other: str | None) -> str:
    return one if other is None else min(one, other, key=LENGTHS.index)


def period_holding(length: str, day: date) -> Period:
    """The month, calendar quarter or financial year that a day lies in."""
    return _of_month(length, day.year, day.month)


@lru_cache(maxsize=10_000)
def _of_month(length: str, year: int, month: int) -> Period:
    if length == "month":
        return month_period(year, month)
    if length == "quarter":
        return quarter_period(year, (month + 2) // 3)
    return year_period(year if month >= 4 else year - 1)


def periods_between(length: str, first: date, last: date) -> Iterator[Period]:
    """The periods from the one that holds `first` to the one that holds `last`."""
    period = period_holding(length, first)
    while period.start <= last:
        yield period
        period = period_holding(length, period.end)


def last_day(period: Period) -> date:
    return period.end - timedelta(days=1)
