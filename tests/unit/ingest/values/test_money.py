"""Amounts as published files write them, exact to the penny; what is no amount is None."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.values.money import Money, parse_money


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("12,345,678", "12345678.00"),
        ("£1,234", "1234.00"),
        ("-£1,234.50", "-1234.50"),
        ("£-5", "-5.00"),
        ("\x9c1,234.50", "1234.50"),
        ("œ12.00", "12.00"),
        ("ú12.00", "12.00"),
        ("Â£12.00", "12.00"),
        ("\ufffd12.00", "12.00"),
        ("GBP 7.10", "7.10"),
        ("1,234.50-", "-1234.50"),
        ("(1,234.00)", "-1234.00"),
        ("£(5.00)", "-5.00"),
        ("( 5.00 )", "-5.00"),
        ("12.50 CR", "-12.50"),
        ("12.50DR", "12.50"),
        ("1616.23 ", "1616.23"),
        ("\u00a0 1 616.23", "1616.23"),
        ("+7", "7.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("1.5E3", "1500.00"),
        (5, "5.00"),
        (-0.25, "-0.25"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_amount_is_read(cell: object, amount: str) -> None:
    assert parse_money(cell) == Money(Decimal(amount))


@pytest.mark.parametrize(
    "cell",
    [
        *(None, "", "  ", "-", "()", "£", ".", ",", True, False, "tba", "N/A", "12/06/2024", b"5", Decimal("5")),
        *("1,23", "12,34.5", "1,2345", "1.2.3", "1,234,5", "5,", "٣"),  # the last: a digit, but not one of ours
        *("(-5.00)", "-5-", "-5.00 CR", "(5-)", "(5)-", "(5", "5)"),  # two marks of minus, or half of one
        *("10000000000000000", "1e99", "9" * 60, 10**16, 10**40, 1e40, float("inf"), float("-inf"), float("nan")),
    ],
)
def test_what_is_no_amount_is_none(cell: object) -> None:
    assert parse_money(cell) is None


@pytest.mark.parametrize(
    ("cell", "money"),
    [
        ("10.005", Money(Decimal("10.00"), is_rounded=True)),  # half to even
        ("10.015", Money(Decimal("10.02"), is_rounded=True)),
        ("-10.0051", Money(Decimal("-10.01"), is_rounded=True)),
        ("10.500", Money(Decimal("10.50"))),
        (10.125, Money(Decimal("10.12"), is_rounded=True)),
        (1263.6100000000001, Money(Decimal("1263.61"))),  # a spreadsheet's noise is no third decimal
        (1263.612, Money(Decimal("1263.61"), is_rounded=True)),
    ],
)
def test_more_than_two_decimals_are_rounded_and_marked(cell: object, money: Money) -> None:
    assert parse_money(cell) == money
