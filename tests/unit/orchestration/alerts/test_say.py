"""Saying by several channels: each remembers for itself, one that fails holds nobody up, and nothing raises."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration.alerts import say as saying
from orchestration.alerts.channels import Channel, NotSent
from orchestration.alerts.decisions import Alert, StateNow
from orchestration.alerts.memory import alone, append_record, read_said, record_file
from orchestration.alerts.settings import AlertSettings

NOW = datetime(2026, 1, 2, 3, 4, 5)
SETTINGS = AlertSettings(file=True, timeout_seconds=1)


def alert(about: str, state: str = "1") -> Alert:
    return Alert("finding", about, state, f"title {about}", "words", "to do", "who", "link")


class Ear:
    """A channel that hears, after failing a few times."""

    def __init__(self, failures: int = 0, *, is_worth_retrying: bool = True) -> None:
        self.failures, self.is_worth_retrying = failures, is_worth_retrying
        self.tries = 0
        self.heard: list[str] = []

    def __call__(self, alerts: Sequence[Alert]) -> None:
        self.tries += 1
        if self.failures:
            self.failures -= 1
            raise NotSent("no answer", is_worth_retrying=self.is_worth_retrying)
        self.heard += [one.about for one in alerts]


Speak = Callable[..., saying.Spoken]


@pytest.fixture
def speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speak:
    """speak(channels, *alerts) in one home, without waiting."""

    def spoken(channels: dict[str, Channel], *alerts: Alert, settings: AlertSettings = SETTINGS) -> saying.Spoken:
        monkeypatch.setattr(saying, "channels_of", lambda *_: channels)
        state = StateNow(alerts, frozenset({"finding"}))
        return saying.say(Home(tmp_path), settings, state, NOW, sleep=lambda _: None)

    return spoken


def records(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record_file(Home(home)).read_text().splitlines()]


def test_each_thing_is_said_once_by_each_channel(speak: Speak, tmp_path: Path) -> None:
    one, other = Ear(), Ear()
    channels = {"one": one, "other": other}
    assert speak(channels, alert("a")).said == {"one": 1, "other": 1, "file": 1}
    assert speak(channels, alert("a")).said == {"one": 0, "other": 0, "file": 0}
    speak(channels, alert("a"), alert("b"))
    speak(channels, alert("a", state="2"), alert("b"))
    speak(channels, alert("b"))
    speak(channels, alert("a", state="2"), alert("b"))
    assert one.heard == other.heard == ["a", "b", "a", "a"]
    assert [(r["event"], r["key"]) for r in records(tmp_path)] == [
        ("alert", "finding:a"), ("alert", "finding:b"), ("alert", "finding:a"), ("resolved", "finding:a"), ("alert", "finding:a"),
    ]  # fmt: skip


def test_a_channel_that_fails_for_a_while_is_tried_again(speak: Speak) -> None:
    ear = Ear(failures=2)
    assert speak({"ear": ear}, alert("a")).failed == {}
    assert (ear.tries, ear.heard) == (3, ["a"])


def test_what_a_channel_could_not_say_it_says_at_the_next_run_and_the_others_go_on(speak: Speak, tmp_path: Path) -> None:
    deaf, ear = Ear(failures=3), Ear()
    channels = {"deaf": deaf, "ear": ear}
    spoken = speak(channels, alert("a"))
    assert (dict(spoken.failed), ear.heard, deaf.heard) == ({"deaf": "no answer"}, ["a"], [])
    assert "deaf FAILED (no answer)" in spoken.words
    assert records(tmp_path)[-1] == {"at": "2026-01-02T03:04:05", "event": "not_sent", "channel": "deaf", "why": "no answer"}
    assert speak(channels, alert("a")).said == {"deaf": 1, "ear": 0, "file": 0}
    assert (deaf.heard, ear.heard) == (["a"], ["a"])


def test_a_refusal_that_stands_is_not_tried_again(speak: Speak) -> None:
    ear = Ear(failures=1, is_worth_retrying=False)
    assert speak({"ear": ear}, alert("a")).failed == {"ear": "no answer"}
    assert ear.tries == 1


def test_a_fault_in_a_channel_reaches_nobody_and_tells_no_secret(speak: Speak) -> None:
    def broken(_: Sequence[Alert]) -> None:
        raise KeyError("verysecret")

    assert speak({"broken": broken}, alert("a")).failed == {"broken": "KeyError (this should not happen)"}


def test_a_channel_without_an_end_is_left_behind(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AlertSettings, "timeout_seconds", 0)
    ends = threading.Event()
    ear = Ear()
    settings = AlertSettings(tries=1, timeout_seconds=0)
    try:
        spoken = speak({"endless": lambda _: ends.wait(60), "ear": ear}, alert("a"), settings=settings)
        assert (dict(spoken.failed), ear.heard) == ({"endless": "no end within the time allowed"}, ["a"])
    finally:
        ends.set()


def test_one_process_speaks_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with alone(home), pytest.raises(RuntimeError, match="another process"), alone(home, wait_seconds=0):
        pass


def test_a_memory_that_cannot_be_read_says_it_again_rather_than_never(speak: Speak, tmp_path: Path) -> None:
    ear = Ear()
    speak({"ear": ear}, alert("a"))
    (tmp_path / "alerts" / "said.json").write_text("{torn")
    assert read_said(Home(tmp_path)) == {}
    speak({"ear": ear}, alert("a"))
    assert ear.heard == ["a", "a"]


def test_a_folder_that_cannot_be_written_is_said_in_words(speak: Speak, tmp_path: Path) -> None:
    (tmp_path / "alerts").write_text("a file where the folder should be")
    assert "alerts" in speak({}, alert("a")).failed["memory"]


def test_a_line_that_a_crash_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    home = Home(tmp_path)
    append_record(home, {"event": "alert"})
    with record_file(home).open("a") as handle:
        handle.write('{"event": "ale')
    append_record(home, {"event": "resolved"}, {"event": "alert"})
    lines = record_file(home).read_text().splitlines()
    assert [json.loads(line)["event"] for line in (lines[0], *lines[2:])] == ["alert", "resolved", "alert"]
