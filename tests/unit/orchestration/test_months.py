"""Which months are expected of an agency."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from orchestration.months import month_rules

TODAY = date(2025, 6, 15)


def findings(months: list[str], **agency: str) -> list[tuple[str, str]]:
    """(rule, month) found of an agency with ten payments in each of these months."""
    with duckdb.connect() as connection:
        connection.execute("create schema lake")
        connection.execute("create table lake.ledger_days (origin_no ubigint, payment_date date, line_count bigint)")
        connection.execute(
            "create view lake.ledger_origins as"
            " select 1::ubigint as origin_no, 'spend' as kind, 'icb' as agency_slug, '2024-25' as financial_year"
        )
        for month in months:
            connection.execute(f"insert into lake.ledger_days values (1, date '{month}-07', 10)")
        return [(f.rule_id, f.period or "") for f in month_rules(connection, [], TODAY, {"icb": agency})[1]]


ALL = [
    "2024-04",
    "2024-05",
    "2024-06",
    "2024-07",
    "2024-08",
    "2024-09",
    "2024-10",
    "2024-11",
    "2024-12",
    "2025-01",
    "2025-02",
    "2025-03",
]


def test_a_month_without_payments_is_missing() -> None:
    assert findings(ALL) == []
    assert findings([m for m in ALL if m != "2024-09"]) == [("month_is_present", "2024-09")]


@pytest.mark.parametrize(
    ("agency", "missing"),
    [
        ({"valid_from": "2024-07-01"}, []),
        ({"valid_from": "2024-06-30"}, ["2024-06"]),
        ({"valid_from": "2013-04-01", "valid_to": ""}, ["2024-04", "2024-05", "2024-06"]),
    ],
)
def test_nothing_is_missing_before_an_agency_began(agency: dict[str, str], missing: list[str]) -> None:
    assert findings(ALL[3:], **agency) == [("month_is_present", month) for month in missing]


def test_nothing_is_missing_after_an_agency_ended() -> None:
    assert findings(ALL[:3], valid_to="2024-07-01") == []
    assert findings(ALL[:3], valid_to="2024-07-02") == [("month_is_present", "2024-07")]
