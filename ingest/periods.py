"""Financial years and the period of a return.

Belongs here: pure functions over dates, period strings and file names. A financial year runs 1 April to 31 March and is
written "2024-25"; a period is `YYYY-MM`, `YYYY-Qn` (calendar quarter) or `YYYY-YY` (financial year).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

_FINANCIAL_YEAR = re.compile(r"^(\d{4})-(\d{2})$")
# whole words only: "marketing-2024" is no March; "febuary" is written as often as not
_MONTH_WORDS = (
    r"(?<![a-z])(jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_MONTHS = {name: i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
YEARS = range(1900, 2200)  # a year outside them is a slip ("0024", "9999"), never a period
NAMED_MONTH_SHARE = 0.25  # of the dates: enough for the month in a file's name to be believed over a lagging majority
SEVERAL_YEARS = timedelta(days=366)  # dates further apart than this are no single return
POSTING_LAG = timedelta(days=92)  # card statements and late postings dated up to a quarter before the return's period
LATE_SHARE = 0.2  # of a quarter's or a year's dates: more of them in the year before are no late postings


def financial_year_name(start_year: int) -> str:
    """2024 -> "2024-25"; 1999 -> "1999-00"."""
    return f"{start_year:04d}-{(start_year + 1) % 100:02d}"


@lru_cache(maxsize=200_000)
def financial_year_of(day: date) -> str:
    """The financial year in which `day` falls."""
    return financial_year_name(day.year if day.month >= 4 else day.year - 1)


def is_financial_year(text: str | None) -> bool:
    """True for "2024-25", False for "2024-26", "2024/25", "0024-25", None."""
    match = _FINANCIAL_YEAR.match(text or "")
    return bool(match) and int(match[1]) in YEARS and (int(match[1]) + 1) % 100 == int(match[2])


@dataclass(frozen=True, order=True)
class Period:
    """A period with its dates, half-open [start, end)."""

    name: str
    start: date
    end: date

    @property
    def financial_year(self) -> str:
        return financial_year_of(self.start)

    def holds(self, day: date) -> bool:
        return self.start <= day < self.end


def month_period(year: int, month: int) -> Period:
    end = date(year + month // 12, month % 12 + 1, 1)
    return Period(f"{year:04d}-{month:02d}", date(year, month, 1), end)


def quarter_period(year: int, quarter: int) -> Period:
    first = 3 * quarter - 2
    return Period(f"{year:04d}-Q{quarter}", date(year, first, 1), month_period(year, first + 2).end)


def year_period(start_year: int) -> Period:
    return Period(financial_year_name(start_year), date(start_year, 4, 1), date(start_year + 1, 4, 1))


def parse_period(text: str | None) -> Period | None:
    """A period from its name. `2010-11` is the financial year 2010-11, `2010-10` the month of October 2010.

    Ambiguous names do not exist: a month has a two-digit part 01-12, a financial year the following year's digits;
    only `YYYY-MM` with MM = (YYYY + 1) % 100 could be both (2011-12), and is read as the financial year.
    """
    if not text:
        return None
    text = text.strip()
    if is_financial_year(text):
        return year_period(int(text[:4]))
    if not re.match(r"^\d{4}-", text) or int(text[:4]) not in YEARS:
        return None
    if match := re.match(r"^(\d{4})-Q([1-4])$", text, re.IGNORECASE):
        return quarter_period(int(match[1]), int(match[2]))
    if (match := re.match(r"^(\d{4})-(\d{2})$", text)) and 1 <= int(match[2]) <= 12:
        return month_period(int(match[1]), int(match[2]))
    return None


def period_in_name(file_name: str) -> Period | None:
    """The period that a file name states: a month with a year ("Sept-25", "January 2024", "2024-04"), a quarter
    ("2024-Q1"), a financial year ("2022-23"), or None."""
    stem = re.sub(r"\.\w{2,5}$", "", file_name.rsplit("/", 1)[-1]).lower()
    if span := re.search(rf"{_MONTH_WORDS}[^a-z0-9]+{_MONTH_WORDS}[^a-z0-9]*(20\d\d)(?!\d)", stem):
        first, last = _MONTHS[span[1][:3]], _MONTHS[span[2][:3]]
        return quarter_period(int(span[3]), last // 3) if last - first == 2 and last % 3 == 0 else None
    month = re.search(rf"{_MONTH_WORDS}[^a-z0-9]*(20\d\d|\d\d)(?!\d)", stem)
    if month:
        year = int(month[2])
        return month_period(year if year > 99 else 2000 + year, _MONTHS[month[1][:3]])
    years = re.search(r"(?<!\d)(20\d\d)[-_/ ]?(?:20)?(\d\d)(?!\d)", stem)
    if years and (int(years[1]) + 1) % 100 == int(years[2]):
        return year_period(int(years[1]))
    if quarter := re.search(r"(?<!\d)(20\d\d)[-_ ]?q([1-4])(?![a-z0-9])", stem):
        return quarter_period(int(quarter[1]), int(quarter[2]))
    numbered = re.search(r"(?<!\d)(20\d\d)[-_](0[1-9]|1[0-2])(?![-_]?\d)", stem)
    return month_period(int(numbered[1]), int(numbered[2])) if numbered else None


@dataclass(frozen=True)
class PeriodDecision:
    """The period chosen and why; `period` None: the return must be held."""

    period: Period | None
    reason: str


def decide_period(dates: Iterable[date | None], file_name: str, declared: str | None = None) -> PeriodDecision:
    """Choose a return's period: declared (files.csv), else by the dates, else the file name.

    The finest of month, quarter, financial year that holds more than half of the dates wins. A month named by the file
    and holding at least a quarter of the dates is preferred to a majority for the month before it: short files are
    often mostly card payments of the month before.
    """
    if declared:
        if stated := parse_period(declared):
            return PeriodDecision(stated, f"files.csv states {declared}")
        return PeriodDecision(None, f"files.csv states '{declared}', which is not a period")
    counted = dates if isinstance(dates, Counter) else Counter(dates)
    known = {day: count for day, count in counted.items() if day is not None and day.year in YEARS}
    total = sum(known.values())
    named = period_in_name(file_name)
    if not known:
        if named:
            return PeriodDecision(named, f"no usable dates; the file name states {named.name}")
        return PeriodDecision(None, "no usable dates, and no period in the file name")
    months = _summed(known, lambda d: (d.year, d.month))
    (top_year, top_month), top = months.most_common(1)[0]
    share = top / total
    if named and named.end - named.start < timedelta(days=32):
        in_named = months[(named.start.year, named.start.month)] / total
        if in_named >= NAMED_MONTH_SHARE and (share <= 0.5 or (top_year, top_month) != (named.start.year, named.start.month)):
            return PeriodDecision(named, f"the file name states {named.name}, which holds {in_named:.0%} of the dates")
    if share > 0.5:
        chosen = month_period(top_year, top_month)
        return PeriodDecision(chosen, f"{share:.0%} of the dates are in {chosen.name}")
    quarters = _summed(known, lambda d: (d.year, (d.month + 2) // 3))
    (year, quarter), count = quarters.most_common(1)[0]
    if count / total > 0.5:
        chosen = quarter_period(year, quarter)
        return PeriodDecision(chosen, f"{count / total:.0%} of the dates are in {chosen.name}")
    years = _summed(known, financial_year_of)
    name, count = years.most_common(1)[0]
    if count / total > 0.5:
        return PeriodDecision(parse_period(name), f"{count / total:.0%} of the dates are in {name}")
    if named:
        return PeriodDecision(named, f"the dates spread over several years; the file name states {named.name}")
    return PeriodDecision(None, "no period holds more than half of the dates, and none is in the file name")


_Key = TypeVar("_Key")


def _summed(counts: Mapping[date, int], key: Callable[[date], _Key]) -> Counter[_Key]:
    sums: Counter[_Key] = Counter()
    for day, count in counts.items():
        sums[key(day)] += count
    return sums


def years_spanned(counts: Mapping[date | None, int]) -> tuple[date, date] | None:
    """(first, last) of nine in ten of the dates, where these lie further apart than a year and in more than twelve months."""
    known = sorted((day, count) for day, count in counts.items() if day is not None and day.year in YEARS)
    total = sum(count for _, count in known)
    if not total:
        return None
    low = high = known[0][0]
    below = 0
    for day, count in known:
        low = day if below <= total // 20 else low
        below += count
        high = day if below - count <= total - 1 - total // 20 else high
    is_long = high - low > SEVERAL_YEARS and len({(day.year, day.month) for day, _ in known if low <= day <= high}) > 12
    return (low, high) if is_long else None


def months_of(dates: Iterable[date | None], file_name: str) -> list[Period | None] | None:
    """The month of each date, where a file holds several years of returns and its name states no period; else None.

    Several years: nine in ten of the dates lie further apart than a year, and in more than twelve months. A date more than a year
    outside those is a slip, and has no month.
    """
    given = list(dates)
    span = None if period_in_name(file_name) else years_spanned(Counter(given))
    if span is None:
        return None
    low, high = span
    first, last = low - SEVERAL_YEARS, high + SEVERAL_YEARS
    months: dict[tuple[int, int], Period] = {}
    found: list[Period | None] = []
    for day in given:
        if day is None or not first <= day <= last:
            found.append(None)
        else:
            key = (day.year, day.month)
            found.append(months.get(key) or months.setdefault(key, month_period(*key)))
    return found


def posting_lag(dates: Iterable[date | None], period: Period) -> timedelta:
    """How long before its period a line of a return may be dated and belong to the return's financial year.

    A month's file may lag as a whole (card statements). A quarter's or a year's cannot: where more than LATE_SHARE of its dates lie
    in the year before (a calendar year's file: a quarter of them), those lines were paid in that year, and count there.
    """
    if period.end - period.start < timedelta(days=32):
        return POSTING_LAG
    counted = dates if isinstance(dates, Counter) else Counter(dates)
    known = {day: count for day, count in counted.items() if day is not None and day.year in YEARS}
    late = sum(
        n for day, n in known.items() if _is_late(day, period, POSTING_LAG) and financial_year_of(day) != period.financial_year
    )
    return POSTING_LAG if late <= LATE_SHARE * sum(known.values()) else timedelta(0)


def reason_in_full(decision: PeriodDecision, dates: Iterable[date | None]) -> str:
    """Why the period was chosen, and what becomes of dates before it where they are too many to be late postings."""
    if decision.period is None or posting_lag(dates, decision.period):
        return decision.reason
    return f"{decision.reason}; more than {LATE_SHARE:.0%} of the dates lie in the year before it, and count there"


def _is_late(day: date, period: Period, lag: timedelta) -> bool:
    return day < period.start and period.start - day <= lag


def financial_year_of_line(day: date | None, period: Period, lag: timedelta = POSTING_LAG) -> str:
    """The financial year a line counts in: that of its date, except that undated lines and lines dated up to `lag` before the
    return's period (`posting_lag`) belong to the return's own year."""
    if day is None or _is_late(day, period, lag):
        return period.financial_year
    return financial_year_of(day)
