"""Which endpoints are due: the calendar, what answered, what failed, what is valid."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.fetch.endpoints import Endpoint, due_endpoints, endpoints_of, span_start
from ingest.fetch.log import Attempt, History
from ingest.registry.validation import usable_rows

ROW = {"agency_slug": "kent", "kind": "spend", "url": "https://example.org/x.csv", "frequency": "monthly"}


def endpoint(**changes: str) -> Endpoint:
    return endpoints_of([ROW | changes])[0]


def attempt(at: str, outcome: str = "fetched") -> Attempt:
    return Attempt("k", "kent", "spend", "u", f"{at}T09:00:00.000000", 1, outcome, is_final=True)


def due(row: Endpoint, history: History, today: str, *, failed_again: bool = True) -> bool:
    return due_endpoints([row], {row.key: history}, date.fromisoformat(today), failed_again=failed_again) == [row]


@pytest.mark.parametrize(
    ("frequency", "last", "still_fresh", "due_again"),
    [
        ("daily", "2026-03-31", "2026-03-31", "2026-04-01"),
        ("weekly", "2026-03-30", "2026-04-05", "2026-04-06"),  # a Monday
        ("monthly", "2026-01-31", "2026-01-31", "2026-02-01"),
        ("quarterly", "2026-01-01", "2026-03-31", "2026-04-01"),
        ("quarterly", "2026-12-31", "2026-12-31", "2027-01-01"),
        ("yearly", "2026-12-31", "2026-12-31", "2027-01-01"),
    ],
)
def test_once_in_each_span(frequency: str, last: str, still_fresh: str, due_again: str) -> None:
    row, history = endpoint(frequency=frequency), History(attempt(last), attempt(last))
    assert not due(row, history, still_fresh)
    assert due(row, history, due_again)


def test_once_is_once() -> None:
    row = endpoint(frequency="once")
    assert due(row, History(), "2026-01-05")
    assert not due(row, History(attempt("2026-01-05"), attempt("2026-01-05")), "2036-01-05")
    assert due(row, History(attempt("2026-01-05", "dead_link")), "2026-01-05")


def test_a_failure_stays_due_but_a_run_does_not_ask_twice_on_a_day() -> None:
    row = endpoint()
    history = History(attempt("2026-02-03", "dead_link"), attempt("2026-01-05"))
    assert due(row, history, "2026-02-03")
    assert not due(row, history, "2026-02-03", failed_again=False)
    assert due(row, history, "2026-02-04", failed_again=False)


def test_validity_is_from_up_to_but_not_on() -> None:
    row = endpoint(valid_from="2026-01-05", valid_to="2026-02-01")
    days = ("2026-01-04", "2026-01-05", "2026-01-31", "2026-02-01")
    assert [due(row, History(), day) for day in days] == [False, True, True, False]


def test_a_corrected_address_is_another_endpoint_and_a_repeated_row_is_not() -> None:
    other = ROW | {"url": "https://example.org/y.csv"}
    found = endpoints_of([ROW, other, dict(ROW)])
    assert [e.url[-5:] for e in found] == ["x.csv", "y.csv"]
    assert found[0].key != found[1].key


def test_an_unknown_word_is_no_frequency() -> None:
    with pytest.raises(ValueError, match="'hourly' is not one of once, daily"):
        span_start("hourly", date(2026, 1, 5))


@pytest.mark.parametrize(
    ("column", "bad", "words"),
    [
        ("agency_slug", "../up", "is not a slug"),
        ("agency_slug", "", "is blank"),
        ("kind", "../up", "is not one of"),
        ("url", "", "is blank"),
        ("url", "ftp://example.org/x", "is not an http or https address"),
        ("url", "https://example.org/\x07", "is not an http or https address"),
        ("frequency", "hourly", "is not one of once, daily"),
        ("valid_to", "soon", "is not a date"),
    ],
)
def test_rows_that_cannot_be_used_are_named(column: str, bad: str, words: str) -> None:
    used, faults = usable_rows("endpoints", [ROW, ROW | {column: bad}])
    assert used == [ROW]
    assert words in faults[0].words and faults[0].row_number == 3
