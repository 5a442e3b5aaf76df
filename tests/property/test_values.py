"""Laws of money, dates and periods, over inputs that nobody thought of."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.periods import decide_period, financial_year_of, month_period, parse_period, quarter_period, year_period
from ingest.rows import Segment
from ingest.tally import take_tally
from ingest.values.dates import parse_date, read_date_column
from ingest.values.money import LARGEST, parse_money

QUICK = settings(max_examples=200, derandomize=True, database=None, deadline=None)
PENNIES = st.integers(-(10**17), 10**17).map(lambda n: Decimal(n).scaleb(-2))
DAYS = st.dates(date(1999, 1, 1), date(2090, 12, 31))
FORMS = [
    "{0:.2f}", "{0:,.2f}", "£{0:,.2f}", " {0:.2f} ", "GBP {0:.2f}", "\x9c{0:.2f}", "\ufffd{0:,.2f}",
    "{0:+.2f}", "{0:.2f}0",
]  # fmt: skip
CREDITS = ["({0:,.2f})", "{0:.2f}-", "-{0:.2f}", "-£{0:,.2f}", "£-{0:,.2f}", "{0:.2f} CR", "({0:.2f})", "{0:,.2f}CR"]
WRITINGS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d %B %Y", "%d-%b-%y", "%Y-%m-%d", "%Y%m%d", "%d/%m/%Y 00:00:00"]


@QUICK
@given(amount=PENNIES, form=st.sampled_from(FORMS))
def test_money_comes_back_exactly_from_every_form(amount: Decimal, form: str) -> None:
    money = parse_money(form.format(amount))
    assert money is not None
    assert (money.amount_gbp, money.is_rounded) == (amount, False)


@QUICK
@given(amount=PENNIES.map(abs), form=st.sampled_from(CREDITS))
def test_credits_come_back_exactly_from_every_form(amount: Decimal, form: str) -> None:
    money = parse_money(form.format(amount))
    assert money is not None
    assert (money.amount_gbp, money.is_rounded) == (-amount, False)


@QUICK
@given(st.integers(-(10**14), 10**14).map(lambda n: n / 100))
def test_money_comes_back_from_a_spreadsheets_number(number: float) -> None:
    money = parse_money(number)
    assert money is not None
    assert money.amount_gbp == Decimal(f"{number:.2f}")
    assert not money.is_rounded


SIGNS = st.text("0123456789.,-+()£ CRDRcrGBPeE'xú٣\u00a0", max_size=12)


@settings(QUICK, max_examples=600)
@given(st.one_of(SIGNS, st.text(max_size=12), st.floats().map(repr)))
def test_any_text_is_money_within_bounds_or_none_and_the_second_count_agrees(text: str) -> None:
    money = parse_money(text)
    amount = money.amount_gbp if money else Decimal(0)
    assert abs(amount) <= LARGEST
    assert amount == amount.quantize(Decimal("0.01"))
    if any(mark in text for mark in '"\r\n\t'):
        return
    tally = take_tally(f"x\t{text}\n".encode(), "text", [Segment(None, 1, 9, (1,))], "utf-8", "\t")
    assert tally.total_gbp == amount


@QUICK
@given(day=DAYS, form=st.sampled_from(WRITINGS))
def test_date_comes_back_from_every_form(day: date, form: str) -> None:
    if "%y" in form and day.year < 2000:
        day = day.replace(year=2000 + day.year % 100, day=min(day.day, 28))
    if form == "%Y%m%d" and day.year < 2000:  # eight digits are a date of this century, else a reference
        assert parse_date(day.strftime(form), "dmy") is None
    else:
        assert parse_date(day.strftime(form), "dmy") == day


@QUICK
@given(days=st.lists(DAYS, min_size=1, max_size=20), order=st.sampled_from(["dmy", "mdy"]))
def test_column_in_one_order_is_read_in_it_once_a_value_decides(days: list[date], order: str) -> None:
    form = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    column = read_date_column([day.strftime(form) for day in days])
    if any(day.day > 12 for day in days):
        assert (column.order, column.is_assumed, column.values) == (order, False, days)
    else:
        assert (column.order, column.is_assumed) == ("dmy", True)


@QUICK
@given(st.lists(st.one_of(st.text(max_size=20), st.floats(), st.integers(), st.none(), DAYS, st.booleans()), max_size=10))
def test_any_column_gives_a_date_or_none_for_each_cell(cells: list[object]) -> None:
    column = read_date_column(cells)
    assert len(column.values) == len(cells)
    assert all(value is None or isinstance(value, date) for value in column.values)


@QUICK
@given(
    st.one_of(
        st.builds(month_period, st.integers(1900, 2198), st.integers(1, 12)),
        st.builds(quarter_period, st.integers(1900, 2198), st.integers(1, 4)),
        st.builds(year_period, st.integers(1900, 2198)),
    )
)
def test_period_is_read_back_from_its_name(period: object) -> None:
    name = period.name  # type: ignore[attr-defined]
    found = parse_period(name)
    assert found is not None
    assert found.name == name
    if found != period:  # only a month whose name is also a financial year's ("2011-12") is read as that year
        assert found == year_period(int(name[:4]))


@QUICK
@given(st.text(max_size=10))
def test_any_text_is_a_period_of_that_name_or_none(text: str) -> None:
    found = parse_period(text)
    assert found is None or found.name == text.strip().upper()


@QUICK
@given(DAYS)
def test_day_lies_in_its_own_periods(day: date) -> None:
    month, year = month_period(day.year, day.month), parse_period(financial_year_of(day))
    quarter = quarter_period(day.year, (day.month + 2) // 3)
    assert year is not None
    assert all(period.holds(day) for period in (month, quarter, year))
    assert not month.holds(month.end)
    assert month_period(month.end.year, month.end.month).start == month.end
    assert month.start - timedelta(days=1) < month.start <= day


@QUICK
@given(st.lists(st.one_of(st.none(), st.dates()), max_size=30), st.text(max_size=12))
def test_period_of_any_dates_is_decided_with_a_reason(days: list[date | None], name: str) -> None:
    decision = decide_period(days, f"kent/{name}")
    assert decision.reason
    if decision.period is not None and "file name" not in decision.reason:
        held = sum(decision.period.holds(day) for day in days if day and 1900 <= day.year < 2200)
        assert held * 2 > sum(1 for day in days if day and 1900 <= day.year < 2200)
