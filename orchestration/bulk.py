"""Large files: which of their lines are plain, and how the rules judge lines that never pass through memory.

A line is plain when it breaks no rule of its kind; the sieve finds that out over whole columns, by the catalogue's rules in
vectorised form (`expectations.vector`). Great Expectations judges every line that is not plain, and of the plain ones, read back
from where they were stored, the extremes of every column: a rule about one column that both extremes keep, every value between
them keeps.

Belongs here: the two frames. Must not: read or write files.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from expectations.catalogue import load_catalogue, rules_for
from expectations.frames import columns_of
from expectations.vector import failing
from ingest.bulk.extract import Candidates, Sieve
from ingest.bulk.stored import Stored
from ingest.kinds import Kind
from ingest.periods import Period
from orchestration.frames import days_from_period

_EPOCH = date(1970, 1, 1).toordinal()


def sieve_of(kind: Kind, period: Period | None, is_known_agency: bool) -> Sieve:
    """The sieve for the lines of one return."""
    rules = rules_for(load_catalogue(), kind.name, "line")

    def sieve(lines: Candidates) -> npt.NDArray[np.bool_]:
        frame = _sieve_frame(lines, period, is_known_agency)
        broken = np.zeros(len(frame), dtype=bool)
        for rule in rules:
            broken |= failing(rule, frame, kind.name, {})
        return ~broken

    return sieve


def _sieve_frame(lines: Candidates, period: Period | None, is_known_agency: bool) -> pd.DataFrame:
    """The columns of a frame of lines (`expectations.frames`), as the engine holds them: dates as days since 1970."""
    count = len(lines.is_repeated)
    days = lines.payment_date.cast(pa.int32()).to_numpy(zero_copy_only=False).astype("float64")
    distance = np.full(count, np.nan)
    if period is not None:
        first, last = period.start.toordinal() - _EPOCH, period.end.toordinal() - _EPOCH - 1
        distance = np.maximum(np.maximum(first - days, days - last), 0)
    payee = lines.payee_name.is_valid().to_numpy(zero_copy_only=False)
    return pd.DataFrame(
        {
            "row_number": np.zeros(count, dtype="int64"),
            "amount_raw": _the_same(count, "filled"),
            "amount": lines.amount.cast(pa.float64()).to_numpy(zero_copy_only=False),
            "agency_known": np.full(count, is_known_agency),
            "place_code": _the_same(count, None),
            "place_status": _the_same(count, "blank"),
            "is_repeated_line": lines.is_repeated,
            "payee_name": pd.Categorical.from_codes(payee.astype("int8") - 1, ["filled"]),
            "payment_date": days,
            "payment_date_raw": _the_same(count, "filled"),
            "days_from_period": distance,
        },
        copy=False,
    )


def _the_same(count: int, text: str | None) -> pd.Categorical:
    """A column of one text, or of blanks; not to be written to."""
    return _of_length(1 << count.bit_length(), text)[:count]


@lru_cache(maxsize=8)  # blocks of a file have nearly all as many lines
def _of_length(length: int, text: str | None) -> pd.Categorical:
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
