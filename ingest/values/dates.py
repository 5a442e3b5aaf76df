"""Dates from a column: one order of day and month for the whole column, chosen by vote.

Belongs here: parsing and the vote. A value is never allowed to choose its own order (design/returns.md, rule 4).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Order = Literal["dmy", "mdy"]
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_NUMERIC = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_TEXTUAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-/. ,]*([A-Za-z]{3,9})\.?[-/. ,]*(\d{4}|\d{2})$")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_SERIAL_TEXT = re.compile(r"^[0-9]{5}$")
_COMPACT = re.compile(r"^(20\d{2})(\d{2})(\d{2})$")
_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}


@dataclass(frozen=True)
class DateColumn:
    """Parsed values in the column's order, the order used, and why."""

    values: list[date | None]
    order: Order
    reason: str
    is_assumed: bool


def _safe(year: int, month: int, day: int) -> date | None:
    year = year if year > 99 else 2000 + year
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _strip_time(text: str) -> str:
    return _TIME.sub("", text.strip()).strip()


def parse_date(cell: object, order: Order) -> date | None:
    """The date in one cell, given the column's order; None when it holds none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        whole = int(cell) if abs(cell) < _SERIALS.stop else 0  # NaN and infinity compare as too large
        return _EXCEL_EPOCH + timedelta(days=whole) if whole in _SERIALS else None
    if not isinstance(cell, str):
        return None
    text = _strip_time(cell)
    if match := _NUMERIC.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        return _safe(year, second, first) if order == "dmy" else _safe(year, first, second)
    if match := _ISO.match(text):
        return _safe(int(match[1]), int(match[2]), int(match[3]))
    if match := _TEXTUAL.match(text):
        month = _MONTHS.get(match[2][:3].lower())
        return _safe(int(match[3]), month, int(match[1])) if month else None
    if match := _COMPACT.match(text):
        return _safe(int(match[1]), int(match[2]), int(match[3]))
    if _SERIAL_TEXT.match(text) and int(text) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    return None


def read_date_column(cells: Sequence[object], declared: Order | None = None, decided: Order | None = None) -> DateColumn:
    """Parse a whole column in the order that `vote_order` gives it; `decided`: it is known, the cells are some of a column."""
    order, reason, assumed = (decided, "decided by the whole column", False) if decided else vote_order(_texts(cells), declared)
    known: dict[object, date | None] = {}
    values: list[date | None] = []
    for cell in cells:
        key = (type(cell), cell)
        if key not in known:
            known[key] = parse_date(cell, order)
        values.append(known[key])
    return DateColumn(values, order, reason, assumed)


def _texts(cells: Sequence[object]) -> Counter[str]:
    return Counter(cell for cell in cells if isinstance(cell, str))


def vote_order(texts: Mapping[str, int], declared: Order | None) -> tuple[Order, str, bool]:
    """(order, reason, whether it is assumed) of a column, by how often each text stands in it. The order is voted by the values
    that only one order can read; where none can tell, the agency's declared order, else day first (the British habit)."""
    day_first = month_first = ambiguous = 0
    for text, count in texts.items():
        match = _NUMERIC.match(_strip_time(text))
        if not match:
            continue
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            day_first += count
        elif second > 12 >= first:
            month_first += count
        else:
            ambiguous += count
    return _vote(day_first, month_first, ambiguous, declared)


def _vote(day_first: int, month_first: int, ambiguous: int, declared: Order | None) -> tuple[Order, str, bool]:
    if day_first or month_first:
        order: Order = "dmy" if day_first >= month_first else "mdy"
        words = "day first" if order == "dmy" else "month first"
        return order, f"{words}: {day_first} values can only be day first, {month_first} only month first", False
    if declared:
        return declared, f"declared for the agency; {ambiguous} values read either way", False
    return "dmy", f"day first assumed: {ambiguous} values read either way and none decides", ambiguous > 0
