"""Candidate lines to typed ones: codes as text, years as named, the raw text kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from ingest.kinds import COUNT, SPEND
from ingest.lines import financial_year, service_code, type_lines
from ingest.rows import RawLine
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, make_registry, registry_row


def spend(*cells: Mapping[str, object]) -> list[RawLine]:
    return [RawLine("S", n, 27, {"amount_gbp": "5", **c}, row_mark=hash(str(c))) for n, c in enumerate(cells, start=2)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("4.5", "04.5"), ("9", "09"), ("9.1.1", "09.1.1"), ("04.5", "04.5"), ("10.7", "10.7"), ("x", "x")],
)
def test_service_code_gets_its_nought_back(text: str, code: str) -> None:
    assert service_code(text) == code


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2024/25", "2024-25"), ("2024-2025", "2024-25"), ("2024 - 25", "2024-25"), ("1999/2000", "1999-00"),
        ("2024-25", "2024-25"), ("2024/26", "2024/26"), ("24/25", "24/25"), ("FY25", "FY25"),
    ],
)  # fmt: skip
def test_financial_year_is_named_or_left_for_the_rule(text: str, year: str) -> None:
    assert financial_year(text) == year


def test_spend_columns_and_addresses() -> None:
    frame = type_lines(spend({"amount_gbp": " £10.005", "payment_date": "03/06/2024"}), SPEND, REGISTRY, COUNCIL).frame
    line = frame.iloc[0]
    assert (line["sheet_name"], line["row_number"], line["cell_ref"], line["agency_slug"]) == ("S", 2, "AB2", COUNCIL)
    assert (line["amount_gbp"], line["amount_raw"], line["is_rounded"]) == (Decimal("10.00"), "£10.005", True)
    assert (line["payment_date"], line["payment_date_raw"]) == (date(2024, 6, 3), "03/06/2024")
    assert line["payee_name"] is None


def test_whole_rows_that_are_equal_are_repeated_from_the_second_on() -> None:
    same = {"payee_name": "Acme"}
    frame = type_lines(spend(same, {"payee_name": "Bolt"}, same, same), SPEND, REGISTRY, COUNCIL).frame
    assert list(frame["is_repeated_line"]) == [False, False, True, True]


def test_declared_order_of_dates_is_used_and_told() -> None:
    registry = make_registry(agencies=[registry_row("agencies", agency_slug="us-trust", date_order="mdy")])
    typed = type_lines(spend({"payment_date": "06/03/2024"}), SPEND, registry, "us-trust")
    assert list(typed.frame["payment_date"]) == [date(2024, 6, 3)]
    assert typed.notes == (("date_format_decided", "payment date: declared for the agency; 1 values read either way"),)


def test_unknown_publisher_has_no_agency() -> None:
    assert type_lines(spend({}), SPEND, REGISTRY, "nobody").frame["agency_slug"][0] is None


def test_publisher_for_many_finds_agencies_by_exact_name_or_alias() -> None:
    names = ["Northmere NHS Trust", "NMT ", "northmere", "Northmere Trust", None]
    lines = spend(*({"agency_name": name} for name in names))
    frame = type_lines(lines, SPEND, REGISTRY, "gloucestershire-and-somerset-icb").frame
    assert list(frame["agency_slug"]) == ["northmere-nhs-trust"] * 3 + [None, None]


def test_count_codes() -> None:
    cells = {
        "agency_slug": "a", "financial_year": "2024/25", "flow": "Outlay", "service_code": 4.5,
        "place_code": "e07000120",
        "funding_route": "Council Tax", "method_grade": "A", "counterparty_name": " The  Fund ",
    }  # fmt: skip
    line = type_lines([RawLine(None, 2, 0, cells | {"amount_gbp": 5.5})], COUNT, REGISTRY, COUNCIL).frame.iloc[0]
    assert [line[name] for name in ("agency_slug", "financial_year", "flow", "service_code", "place_code")] == [
        "a", "2024-25", "outlay", "04.5", "E07000120",
    ]  # fmt: skip
    assert (line["funding_route"], line["method_grade"], line["counterparty_name"]) == ("council_tax", "A", "The Fund")
    assert (line["amount_gbp"], line["amount_raw"]) == (Decimal("5.50"), "5.5")
