"""Financial years, periods and how a return gets its own."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.periods import (
    Period,
    decide_period,
    financial_year_name,
    financial_year_of,
    financial_year_of_line,
    is_financial_year,
    month_period,
    months_of,
    parse_period,
    period_in_name,
    posting_lag,
    quarter_period,
    reason_in_full,
    year_period,
)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2024, 3, 31), "2023-24"), (date(2024, 4, 1), "2024-25"), (date(2000, 1, 1), "1999-00")]
)
def test_financial_year_turns_on_the_first_of_april(day: date, year: str) -> None:
    assert financial_year_of(day) == year


def test_financial_year_name_over_the_century() -> None:
    assert [financial_year_name(y) for y in (1999, 2009, 2099)] == ["1999-00", "2009-10", "2099-00"]


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("2024-25", True), ("1999-00", True), ("2024-26", False), ("2024/25", False), ("0024-25", False),
        ("0000-01", False), ("9999-00", False), ("", False), (None, False),
    ],
)  # fmt: skip
def test_is_financial_year(text: str | None, truth: bool) -> None:
    assert is_financial_year(text) is truth


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024-25", Period("2024-25", date(2024, 4, 1), date(2025, 4, 1))),
        ("2024-12", Period("2024-12", date(2024, 12, 1), date(2025, 1, 1))),
        ("2024-Q1", Period("2024-Q1", date(2024, 1, 1), date(2024, 4, 1))),
        (" 2024-q4 ", Period("2024-Q4", date(2024, 10, 1), date(2025, 1, 1))),
        ("2011-12", Period("2011-12", date(2011, 4, 1), date(2012, 4, 1))),  # could be December: read as the year
        ("2012-12", Period("2012-12", date(2012, 12, 1), date(2013, 1, 1))),
        *((text, None) for text in ("2024-13", "2024-00", "2024", "2024-Q5", "June", "9999-12", "0000-01", "", None)),
    ],
)
def test_parse_period(text: str | None, period: Period | None) -> None:
    assert parse_period(text) == period


def test_period_is_half_open() -> None:
    june = month_period(2024, 6)
    held = [june.holds(date(2024, *rest)) for rest in ((5, 31), (6, 1), (6, 30), (7, 1))]
    assert held == [False, True, True, False]
    years = [p.financial_year for p in (june, quarter_period(2024, 1), year_period(2024))]
    assert years == ["2024-25", "2023-24", "2024-25"]


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("council/spend Sept-25.csv", "2025-09"),
        ("January 2024.xlsx", "2024-01"),
        ("over-25000-april-2024.csv", "2024-04"),
        ("BART 09 - December.xls", None),
        ("spend-2024-04.csv", "2024-04"),
        ("spend_2024_12.csv", "2024-12"),
        ("2024-Q3.csv", "2024-Q3"),
        ("outturn 2022-23.xlsx", "2022-23"),
        ("outturn_2022_2023.xlsx", "2022-23"),
        ("april-june 2024.csv", "2024-Q2"),
        ("april-may-2024.csv", None),
        ("january to march 2024.csv", "2024-03"),
        ("ref-12024-04.csv", None),
        ("2024.csv", None),
        ("lines.csv", None),
        ("marketing-2024.csv", None),
        ("mayor-2024.csv", None),
        ("decisions-24.csv", None),
        ("Febuary-2023.csv", "2023-02"),
        ("Sept 2025.csv", "2025-09"),
        ("may-2024/lines.csv", None),  # a folder's name has no say
    ],
)
def test_period_in_name(name: str, period: str | None) -> None:
    found = period_in_name(name)
    assert (found.name if found else None) == period


def days(*spans: tuple[int, int, int]) -> list[date]:
    """(year, month, how many)"""
    return [date(year, month, 1 + n) for year, month, count in spans for n in range(count)]


@pytest.mark.parametrize(
    ("dates", "name", "declared", "period"),
    [
        (days((2024, 6, 6), (2024, 5, 4)), "x.csv", None, "2024-06"),
        (days((2024, 6, 5), (2024, 5, 5)), "x.csv", None, "2024-Q2"),  # no month holds more than half
        (days((2024, 6, 3), (2024, 9, 3), (2024, 12, 3)), "x.csv", None, "2024-25"),
        (days((2024, 5, 7), (2024, 6, 3)), "june-2024.csv", None, "2024-06"),  # card payments of the month before
        (days((2024, 5, 8), (2024, 6, 2)), "june-2024.csv", None, "2024-05"),  # too few to believe the name
        (days((2024, 6, 9)), "june-2024.csv", "2024-07", "2024-07"),
        (days((2024, 6, 9)), "june-2024.csv", "July", None),  # files.csv must say a period
        ([], "june-2024.csv", None, "2024-06"),
        ([None, date(9999, 12, 31)], "june-2024.csv", None, "2024-06"),
        ([date(9999, 12, 31), date(24, 6, 3)], "x.csv", None, None),
        (days((2020, 6, 2), (2021, 6, 2), (2022, 6, 2)), "june-2022.csv", None, "2022-06"),
        (days((2020, 6, 2), (2021, 6, 2), (2022, 6, 2)), "2024-25.csv", None, "2024-25"),
        (days((2020, 6, 2), (2021, 6, 2), (2022, 6, 2)), "x.csv", None, None),
    ],
)
def test_decide_period(dates: list[date | None], name: str, declared: str | None, period: str | None) -> None:
    decision = decide_period(dates, name, declared)
    assert (decision.period.name if decision.period else None) == period
    assert decision.reason


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (None, "2024-25"),
        (date(2024, 4, 5), "2024-25"),
        (date(2024, 3, 30), "2024-25"),  # a late posting belongs to the return
        (date(2023, 12, 31), "2024-25"),  # 92 days
        (date(2023, 12, 30), "2023-24"),
        (date(2025, 4, 1), "2025-26"),
    ],
)
def test_financial_year_of_a_line(day: date | None, year: str) -> None:
    assert financial_year_of_line(day, month_period(2024, 4)) == year


@pytest.mark.parametrize(
    ("before", "period", "year"),
    [
        (20, year_period(2024), "2024-25"),  # one in five: late postings
        (21, year_period(2024), "2023-24"),  # a calendar year's file: paid in the year before
        (21, quarter_period(2024, 2), "2023-24"),
        (60, month_period(2024, 4), "2024-25"),  # a month's card statement may lag as a whole
        (60, quarter_period(2024, 3), "2023-24"),  # too long before it, whatever the share
    ],
)
def test_what_is_late_and_what_was_paid_in_the_year_before(before: int, period: Period, year: str) -> None:
    dates = [date(2024, 2, 5)] * before + [date(2024, 6, 5)] * (100 - before)
    assert financial_year_of_line(date(2024, 2, 5), period, posting_lag([*dates, None], period)) == year
    assert financial_year_of_line(None, period, posting_lag(dates, period)) == "2024-25"


def test_the_reason_says_what_becomes_of_them() -> None:
    dates = [date(2024, 2, 5)] * 25 + [date(2024, 6, 5)] * 75
    decision = decide_period(dates, "calendar 2024.csv", "2024-25")
    assert reason_in_full(decision, dates) == (
        "files.csv states 2024-25; more than 20% of the dates lie in the year before it, and count there"
    )
    assert reason_in_full(decision, dates[20:]) == "files.csv states 2024-25"


def test_lines_of_a_quarter_in_the_middle_of_the_year_stay_whatever_their_share() -> None:
    period = quarter_period(2024, 3)
    lag = posting_lag([date(2024, 6, 5)] * 90 + [date(2024, 7, 5)] * 10, period)
    assert financial_year_of_line(date(2024, 6, 5), period, lag) == "2024-25"


def test_months_of_a_file_of_several_years() -> None:
    monthly = [date(2022 + n // 12, n % 12 + 1, 5) for n in range(20) for _ in range(3)]
    months = months_of([*monthly, None, date(2099, 1, 1)], "all.xlsx")
    assert months is not None
    assert [m.name if m else None for m in months[:4]] == ["2022-01", "2022-01", "2022-01", "2022-02"]
    assert months[-2:] == [None, None]


@pytest.mark.parametrize(
    ("dates", "name"),
    [
        ([date(2024, n % 12 + 1, 5) for n in range(24)], "x.csv"),  # one year
        ([*[date(2024, 6, 5)] * 30, date(2021, 1, 1)], "x.csv"),  # a slip
        ([date(2020 + n // 2, 6 * (n % 2) + 1, 5) for n in range(8)], "x.csv"),  # too few months: no monthly returns
        ([date(2022 + n // 12, n % 12 + 1, 5) for n in range(20)], "2022-23.csv"),  # the name states a period
        ([None], "x.csv"),
    ],
)
def test_no_months_for_a_file_of_one_return(dates: list[date | None], name: str) -> None:
    assert months_of(dates, name) is None
