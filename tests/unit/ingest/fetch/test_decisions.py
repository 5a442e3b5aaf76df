"""What is tried again, and when: no clock, no chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest

from ingest.fetch.client import Answer, Outcome, outcome_of_status
from ingest.fetch.decisions import TRIED_AGAIN, retry_after_seconds, wait_before_next
from ingest.fetch.settings import FetchSettings

NOW = datetime(2026, 1, 5, 9)
SETTINGS = FetchSettings(tries=6, back_off_seconds=1, back_off_cap_seconds=10, retry_after_seconds=60)


def wait(answer: Answer, number: int = 1, settings: FetchSettings = SETTINGS) -> float | None:
    return wait_before_next(answer, number, settings, NOW, lambda low, high: high)


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_only_what_may_pass_is_tried_again(outcome: Outcome) -> None:
    again = {"unreachable", "stalled", "cut_short", "busy", "server_error"}
    assert (wait(Answer(outcome)) is not None) == (outcome in again)
    assert again == TRIED_AGAIN


def test_the_wait_doubles_up_to_its_cap_and_the_tries_end() -> None:
    assert [wait(Answer("stalled"), n) for n in range(1, 7)] == [1, 2, 4, 8, 10, None]


def test_the_wait_is_anything_between_nothing_and_that() -> None:
    asked: list[tuple[float, float]] = []

    def least(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    assert wait_before_next(Answer("stalled"), 3, SETTINGS, NOW, least) == 0
    assert asked == [(0, 4)]


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), ("1", 4), ("60", 60), ("61", None), ("99999999999999999999", None)])
def test_retry_after_is_waited_for_or_ends_the_tries(header: str, seconds: float | None) -> None:
    assert wait(Answer("busy", status=429, retry_after=header), 3) == seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("²", 0),
        ("7", 7),
        ("Mon, 05 Jan 2026 09:00:30 GMT", 30),
        ("Mon, 05 Jan 2026 10:00:30 +0100", 30),
        ("Mon, 05 Jan 2026 08:00:00 GMT", 0),
        ("Mon, 99 Jan 2026 08:00:00 GMT", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "outcome", "again"),
    [
        (404, "dead_link", False), (410, "dead_link", False), (400, "refused", False), (401, "refused", False),
        (403, "refused", False), (451, "refused", False), (408, "busy", True), (425, "busy", True), (429, "busy", True),
        (500, "server_error", True), (502, "server_error", True), (503, "server_error", True), (504, "server_error", True),
        (501, "server_error", False), (505, "server_error", False), (206, "bad_response", False), (204, "bad_response", False),
        (300, "bad_response", False), (304, "bad_response", False), (999, "bad_response", False),
    ],
)  # fmt: skip
def test_statuses(status: int, outcome: str, again: bool) -> None:
    found, words = outcome_of_status(status)
    assert found == outcome and str(status) in words
    assert (wait(Answer(found, words, status=status)) is not None) == again


def test_one_try_is_one_try() -> None:
    assert wait(Answer("stalled"), 1, replace(SETTINGS, tries=1)) is None
