"""The returns in a file: which agency's each line is, and for which period (design: contract, "Return, period, revision").

Belongs here: splitting typed lines by what the kind says of itself (`Kind.agency_field`, `Kind.period_by`). Must not: read files
or judge lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import pandas as pd

from ingest.kinds import Kind
from ingest.periods import (
    POSTING_LAG,
    YEARS,
    Period,
    PeriodDecision,
    decide_period,
    financial_year_of,
    financial_year_of_line,
    months_of,
    parse_period,
    period_in_name,
    posting_lag,
    reason_in_full,
)  # fmt: skip
from ingest.rows import PlainLines


@dataclass
class ReturnPart:
    """The lines of one return (publisher, agency, kind, period) found in a file. `agency_slug` None: lines of many agencies."""

    agency_slug: str | None
    period: Period | None
    period_reason: str
    lines: pd.DataFrame
    plain: PlainLines | None = None  # of a large file: the lines that are not in `lines`


@dataclass(frozen=True)
class Publication:
    """What is known of a file beside its lines. `own_slug`: the publisher where it is a registered agency; `reports_for_many`: it
    is a registered publisher whose files name their agencies."""

    publisher_slug: str
    own_slug: str | None
    reports_for_many: bool
    file_name: str
    declared_period: str | None


def split_returns(frame: pd.DataFrame, kind: Kind, publication: Publication) -> list[ReturnPart]:
    """The returns of a file whose kind is a table, every line in exactly one; `financial_year` is filled in where lines lack it.

    At least one part, which may hold no lines.
    """
    if kind.period_by == "line":
        return _by_own_year(frame, kind, publication)
    agencies = _agencies(frame, kind, publication)
    parts: list[ReturnPart] = []
    for agency in sorted(set(agencies), key=lambda slug: (slug is None, slug or "")) or [publication.publisher_slug]:
        mine = frame.loc[[slug == agency for slug in agencies]].reset_index(drop=True)
        parts += _by_dates(mine, agency, kind, publication)
    return parts


def _by_own_year(frame: pd.DataFrame, kind: Kind, publication: Publication) -> list[ReturnPart]:
    """Lines that state their year (or a date): a return for each agency and year; all lines of an agency whose year cannot be
    read are one return, of an unknown period."""
    field = kind.period_field or ""
    periods = {value: _own_period(value) for value in set(frame[field])}
    if field != "financial_year":
        frame["financial_year"] = [p.name if (p := periods[value]) else None for value in frame[field]]
    names = [p.name if (p := periods[value]) else None for value in frame[field]]
    keys = list(zip(_agencies(frame, kind, publication), names, strict=True))
    parts: list[ReturnPart] = []
    for agency, name in sorted(set(keys), key=lambda key: tuple((part is None, part or "") for part in key)):
        lines = frame.loc[[key == (agency, name) for key in keys]].reset_index(drop=True)
        words = f"the lines state {name}" if name else f"the lines state no {field.replace('_', ' ')}"
        parts.append(ReturnPart(agency, parse_period(name), words, lines))
    return parts or [ReturnPart(publication.publisher_slug, None, "the file has no lines", frame)]


def _own_period(value: object) -> Period | None:
    if isinstance(value, date):
        return parse_period(financial_year_of(value)) if value.year in YEARS else None
    return parse_period(value) if isinstance(value, str) else None


def _agencies(frame: pd.DataFrame, kind: Kind, publication: Publication) -> list[str | None]:
    """Whose return each line is in. A line that names no agency stands in the publisher's own return, where it is an agency: two
    parts of one name would replace each other."""
    if kind.has_own_agency:
        return [slug if isinstance(slug, str) else publication.own_slug for slug in frame["agency_slug"]]
    if publication.reports_for_many and not kind.is_template:
        return [slug if isinstance(slug, str) else None for slug in frame["agency_slug"]]
    return [publication.own_slug if kind.is_template else publication.publisher_slug] * len(frame)


def _by_dates(lines: pd.DataFrame, agency: str | None, kind: Kind, publication: Publication) -> list[ReturnPart]:
    days = cast("Sequence[date | None]", list(lines[kind.period_field]) if kind.period_field else [])
    counted = Counter(days)
    if kind.period_by == "register":
        decision = _register_period(lines, kind, publication)
    else:
        decision = decide_period(counted, publication.file_name, publication.declared_period)
    if kind.period_by == "dates_or_years" and not publication.declared_period and len(_years(days)) > 1:
        return _by_year_of_date(lines, days, agency)
    if kind.period_by == "dates" and not publication.declared_period and (months := months_of(days, publication.file_name)):
        return _by_month(lines, days, months, agency)
    period = decision.period
    if kind.period_by == "register":
        lines["financial_year"] = period.financial_year if period else None
    else:
        lag = posting_lag(counted, period) if period else POSTING_LAG
        lines["financial_year"] = [financial_year_of_line(day, period, lag) if period else None for day in days]
    reason = decision.reason if kind.period_by == "register" else reason_in_full(decision, counted)
    return [ReturnPart(agency, period, reason, lines)]


def _years(days: Sequence[date | None]) -> set[str]:
    return {financial_year_of(day) for day in days if day is not None and day.year in YEARS}


def _by_year_of_date(lines: pd.DataFrame, days: Sequence[date | None], agency: str | None) -> list[ReturnPart]:
    """A publication that grows: a return for each financial year of its dates, so that the next edition replaces them year by
    year. Lines without a usable date are a return of an unknown period."""
    years = [financial_year_of(day) if day is not None and day.year in YEARS else None for day in days]
    lines["financial_year"] = years
    parts: list[ReturnPart] = []
    for year in sorted(set(years), key=lambda name: (name is None, name or "")):
        mine = lines.loc[[name == year for name in years]].reset_index(drop=True)
        words = f"the dates spread over {len(set(years) - {None})} financial years: the lines of {year} are a return of their own"
        parts.append(ReturnPart(agency, parse_period(year), words if year else "the lines have no usable date", mine))
    return parts


def _by_month(
    lines: pd.DataFrame, days: Sequence[date | None], months: Sequence[Period | None], agency: str | None
) -> list[ReturnPart]:
    """A file of several years: a return for each month of its dates. Lines that no month of them claims are one, without period."""
    parts: list[ReturnPart] = []
    for month in sorted(set(months), key=lambda period: period.name if period else ""):
        own = [position for position, period in enumerate(months) if period == month]
        of_month = lines.iloc[own].reset_index(drop=True)
        of_month["financial_year"] = [financial_year_of_line(days[position], month) if month else None for position in own]
        words = f"the file spans years; the dates of these lines {f'are in {month.name}' if month else 'cannot be used'}"
        parts.append(ReturnPart(agency, month, words, of_month))
    return parts


def _register_period(lines: pd.DataFrame, kind: Kind, publication: Publication) -> PeriodDecision:
    """A list of what is in force, whose dates have no end: what its file says of it, else the year of its latest date."""
    if publication.declared_period:
        return decide_period((), publication.file_name, publication.declared_period)
    if named := period_in_name(publication.file_name):
        return PeriodDecision(named, f"the file name states {named.name}")
    names = [field.name for field in kind.fields if field.type == "date"]
    days = [day for name in names for day in lines[name] if isinstance(day, date) and day.year in YEARS]
    if not days:
        return PeriodDecision(None, "no dates, and no period in the file name")
    latest = max(days)
    return PeriodDecision(_own_period(latest), f"the latest date is {latest.isoformat()}")
