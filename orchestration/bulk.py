"""Large files: which of their lines are plain, and how the rules judge lines that never pass through memory.

A line is plain when it breaks no rule of its kind; the sieve finds that out by the catalogue's rules in vectorised form
(`expectations.vector`), over the amounts of all lines and over each different date, and each other case, once. Great Expectations
judges every line that is not plain, and of the plain ones, read back from where they were stored, the extremes of every column: a
rule about one column that both extremes keep, every value between them keeps.

Belongs here: the frames. Must not: read or write files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.catalogue import load_catalogue, rules_for
from expectations.frames import columns_of
from expectations.vector import failing
from ingest.bulk.columns import codes_of
from ingest.bulk.extract import Candidates, Sieve
from ingest.bulk.stored import Stored
from ingest.kinds import Kind
from ingest.periods import Period
from orchestration.frames import days_from_period

_EPOCH = date(1970, 1, 1).toordinal()
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Cases:
    """Columns of a frame of lines (`expectations.frames`), as the engine holds them, that go together: what a rule about them says
    is asked once for each case."""

    columns: Mapping[str, object]
    count: int


_ALWAYS: Mapping[str, object] = {
    "row_number": 0, "amount_raw": "filled", "place_code": None, "place_status": "blank", "payment_date_raw": "filled",
}  # fmt: skip
_BLANK_OR_NOT = pd.Categorical(["filled", None])
_PAYEES = _Cases({"payee_name": _BLANK_OR_NOT}, 2)
_REPEATS = _Cases({"is_repeated_line": np.array([False, True])}, 2)


def sieve_of(kind: Kind, period: Period | None, is_known_agency: bool) -> Sieve:
    """The sieve for the lines of one return: every rule of lines of its kind is about what is the same on all of them and, beside
    that, the amount, the date, the payee, or whether the line is a repeated one."""
    is_hopeless, about_payees, about_repeats = _broken_always(kind.name, is_known_agency)
    about_days: dict[date | None, bool] = {}  # the same days come again in every block of a file

    def sieve(lines: Candidates) -> Mask:
        if is_hopeless.any():
            return np.zeros(len(lines.is_repeated), dtype=bool)
        kept = ~about_repeats[lines.is_repeated.astype(np.int8)]
        kept &= ~about_payees[lines.payee_name.is_null().to_numpy(zero_copy_only=False).astype(np.int8)]
        kept &= ~_broken(_Cases({"amount": lines.amount}, len(lines.amount)), kind.name, is_known_agency)
        days = [*lines.payment_date.dictionary.to_pylist(), None]
        if new := [day for day in dict.fromkeys(days) if day not in about_days]:
            about_days.update(zip(new, _broken(_days(new, period), kind.name, is_known_agency).tolist(), strict=True))
        kept &= ~np.array([about_days[day] for day in days])[codes_of(lines.payment_date)]  # -1, the last, is no day
        return kept

    return sieve


@lru_cache(maxsize=16)
def _broken_always(kind_name: str, is_known_agency: bool) -> tuple[Mask, Mask, Mask]:
    """What no return decides: whether all lines break a rule, lines with a payee and without, first lines and repeated ones."""
    found = [_broken(cases, kind_name, is_known_agency) for cases in (_Cases({}, 1), _PAYEES, _REPEATS)]
    return found[0], found[1], found[2]


def _broken(cases: _Cases, kind_name: str, is_known_agency: bool) -> Mask:
    """The cases that break any rule about them; with no columns, any rule about what is the same on all lines."""
    always = {**_ALWAYS, "agency_known": is_known_agency}
    found = np.zeros(cases.count, dtype=bool)
    for rule in rules_for(load_catalogue(), kind_name, "line"):
        needed = rule.frame_columns()
        if any(name in cases.columns for name in needed) or (not cases.columns and always.keys() >= set(needed)):
            found |= failing(rule, _frame(cases, always, needed), kind_name, {})
    return found


def _days(days: Sequence[date | None], period: Period | None) -> _Cases:
    """Dates as days since 1970."""
    known = np.array([np.nan if day is None else day.toordinal() - _EPOCH for day in days], dtype="float64")
    distance = [days_from_period(day, period) for day in days]
    return _Cases({"payment_date": known, "days_from_period": np.array(distance, dtype="float64")}, len(days))


def _frame(cases: _Cases, always: Mapping[str, object], needed: Iterable[str]) -> pd.DataFrame:
    """The columns that a rule needs. Raises KeyError for a rule about columns that do not go together."""
    columns = {name: cases.columns[name] if name in cases.columns else _the_same(cases.count, always[name]) for name in needed}
    return pd.DataFrame(columns, index=pd.RangeIndex(cases.count), copy=False)


def _the_same(count: int, value: object) -> object:
    """A column of one value; not to be written to."""
    if isinstance(value, (bool, int)):
        return np.full(count, value)
    return _texts_of_length(1 << count.bit_length(), str(value) if value is not None else None)[:count]


@lru_cache(maxsize=8)  # blocks of a file have nearly all as many lines
def _texts_of_length(length: int, text: str | None) -> pd.Categorical:
    return pd.Categorical.from_codes(np.full(length, -1 if text is None else 0, dtype="int8"), [text or "filled"])


def witness_frame(stored: Stored, kind: Kind, period: Period | None, is_known_agency: bool) -> pd.DataFrame:
    """Two rows that stand for all plain lines: the least of every column, and the greatest; blank where any line has a blank."""
    is_complete = stored.complete_count == stored.row_count
    rows = [
        {
            "row_number": 0,
            "amount_raw": str(amount) if is_complete else None,
            "amount": float(amount) if amount is not None and is_complete else np.nan,
            "agency_known": is_known_agency,
            "place_code": None,
            "place_status": "blank",
            "is_repeated_line": False,
            "payee_name": "filled" if is_complete else None,
            "payment_date": pd.Timestamp(day) if day is not None and is_complete else pd.NaT,
            "payment_date_raw": str(day),
            "days_from_period": days_from_period(day, period),
        }
        for amount, day in ((stored.smallest, stored.first), (stored.largest, stored.last))
        if stored.row_count
    ]
    return pd.DataFrame(rows, columns=list(columns_of(kind.name, "line")))
