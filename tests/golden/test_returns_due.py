"""Worked numbers of the submission calendar through the whole pipeline: what was due in 2024-25, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

pytestmark = [pytest.mark.golden, pytest.mark.slow]


def _due(release: duckdb.DuckDBPyConnection, agency: str, columns: str) -> list[Any]:
    query = f"select period, {columns} from qa_returns_due where agency_slug = ? order by period_start"
    return release.execute(query, [agency]).fetchall()


def test_quarters_in_time_late_held_and_never_sent(release: duckdb.DuckDBPyConnection) -> None:
    assert _due(release, "calendar-quarters", "due_on, state, received_on, received_basis, is_late") == [
        ("2024-Q2", date(2024, 7, 31), "received", date(2024, 7, 31), "published", False),
        ("2024-Q3", date(2024, 10, 31), "received", date(2024, 11, 15), "published", True),
        ("2024-Q4", date(2025, 1, 31), "held", None, None, True),
        ("2025-Q1", date(2025, 5, 1), "not_received", None, None, True),
    ]


def test_days_late_are_those_after_the_day_it_was_due(release: duckdb.DuckDBPyConnection) -> None:
    found = dict(_due(release, "calendar-quarters", "days_late"))
    assert (found["2024-Q2"], found["2024-Q3"]) == (None, 15)
    as_of = release.execute("select any_value(as_of) from qa_returns_due").fetchall()[0][0]
    assert found["2025-Q1"] == (as_of - date(2025, 5, 1)).days


def test_a_publisher_of_months_owes_months_by_the_day_its_quarter_is_due(release: duckdb.DuckDBPyConnection) -> None:
    found = _due(release, "calendar-months", "frequency, due_on, state")
    assert len(found) == 12
    assert found[:4] == [
        ("2024-04", "month", date(2024, 7, 31), "received"),
        ("2024-05", "month", date(2024, 7, 31), "received"),
        ("2024-06", "month", date(2024, 7, 31), "not_received"),
        ("2024-07", "month", date(2024, 10, 31), "received"),
    ]
    assert {state for _, _, _, state in found[4:]} == {"not_received"}


def test_an_agency_that_a_row_names_owes_before_it_has_sent_anything(release: duckdb.DuckDBPyConnection) -> None:
    assert _due(release, "calendar-silent", "kind, due_on, grace_until, state, source") == [
        ("2024-25", "count", date(2025, 9, 30), date(2025, 12, 31), "not_received", "worked example")
    ]


def test_freshness_is_the_worst_since_the_last_period_in_service(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select agency_slug, kind, last_period, state, owed_count from qa_freshness where agency_slug like 'calendar-%' order by 1"
    )
    assert release.execute(query).fetchall() == [
        ("calendar-months", "spend", "2024-07", "not_received", 9),
        ("calendar-quarters", "spend", "2024-Q3", "not_received", 2),
        ("calendar-silent", "count", None, "not_received", 1),
    ]


def test_a_row_of_the_calendar_that_cannot_be_used_is_a_finding(release: duckdb.DuckDBPyConnection) -> None:
    found = release.execute(
        "select rule_id, row_number, message from qa_findings where file_name = 'registry/calendar.csv'"
    ).fetchall()
    assert [(rule, row) for rule, row, _ in found] == [("registry_row_unreadable", 5)]


def test_every_return_due_has_one_state_and_money_is_not_touched_by_it(release: duckdb.DuckDBPyConnection) -> None:
    broken = release.execute(
        """
        select count(*) from qa_returns_due
        where (state = 'received') <> (received_on is not null)
            or grace_until < due_on or due_on < period_end - 1
            or (days_late is not null) <> coalesce(is_late, false)
        """
    ).fetchall()
    assert broken == [(0,)]
    dues = release.execute("select count(*), count(distinct (agency_slug, kind)) from qa_returns_due").fetchall()[0]
    assert dues[0] <= dues[1] * 21 * 12
