"""Dates: every form, one order for the whole column, and the vote that chooses it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from ingest.values.dates import parse_date, read_date_column

JUNE_3 = date(2024, 6, 3)


@pytest.mark.parametrize(
    "cell",
    [
        *("03/06/2024", "3/6/24", "03-06-2024", "03.06.24", "03 06 2024", " 03/06/2024 00:00:00 ", "03/06/2024 9:05"),
        *("2024-06-03", "2024/6/3", "2024-06-03T10:20:30.5Z", "2024-06-03 10:20:30+01:00", "20240603"),
        *("3 June 2024", "03-Jun-24", "3rd June 2024", "03JUN2024", "3 Jun. 2024"),
        *(45446, 45446.75, "45446", JUNE_3, datetime(2024, 6, 3, 10, 30)),
    ],
)
def test_form_is_read_day_first(cell: object) -> None:
    assert parse_date(cell, "dmy") == JUNE_3


def test_month_first_changes_only_forms_of_three_numbers() -> None:
    cells = ["06/03/2024", "2024-06-03", "3 June 2024", 45446]
    assert [parse_date(cell, "mdy") for cell in cells] == [JUNE_3] * 4
    assert parse_date("06/03/2024", "dmy") == date(2024, 3, 6)


@pytest.mark.parametrize(
    "cell",
    [
        *("00:00:00", "", "  ", None, True, time(0, 0), "31/02/2024", "2024-13-01", "3 Foo 2024", "June 2024", "R2024"),
        *(0, 19_999, 80_000, "19999", "12", "²", "1" * 5000, 1e300, float("inf"), float("nan"), -1.0),
    ],
)
def test_what_is_no_date_is_none(cell: object) -> None:
    assert parse_date(cell, "dmy") is None


@pytest.mark.parametrize(
    ("cells", "declared", "order", "is_assumed"),
    [
        (["14/06/2024", "03/06/2024"], "mdy", "dmy", False),  # the values outvote what the agency declares
        (["06/14/2024", "06/03/2024"], "dmy", "mdy", False),
        (["06/14/2024", "14/06/2024", "27/06/2024"], None, "dmy", False),
        (["06/14/2024", "06/27/2024", "14/06/2024"], None, "mdy", False),
        (["06/14/2024", "14/06/2024"], None, "dmy", False),  # a tie: the British habit
        (["03/06/2024"], "mdy", "mdy", False),
        (["03/06/2024"], None, "dmy", True),
        (["2024-06-03", None, 45446], None, "dmy", False),
        ([], None, "dmy", False),
    ],
)
def test_order_is_voted_by_the_column(cells: list[object], declared: str, order: str, is_assumed: bool) -> None:
    column = read_date_column(cells, declared)  # type: ignore[arg-type]
    assert (column.order, column.is_assumed) == (order, is_assumed)


def test_value_that_breaks_the_columns_order_is_not_read_its_own_way() -> None:
    column = read_date_column(["14/06/2024", "27/06/2024", "06/28/2024", "03/06/2024"])
    assert column.values == [date(2024, 6, 14), date(2024, 6, 27), None, JUNE_3]
    assert column.reason == "day first: 2 values can only be day first, 1 only month first"


def test_three_forms_in_one_column() -> None:
    column = read_date_column(["03/06/2024", "03-Jun-24", 45446.0, "00:00:00"], "dmy")
    assert column.values == [JUNE_3, JUNE_3, JUNE_3, None]
    assert column.reason == "declared for the agency; 1 values read either way"
