"""`returns due`, `alerts list`, `alerts test`: exit statuses, JSON alone on standard output, secrets nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ingest.home import Home
from ingest.records import write_record
from orchestration.alerts.after_run import alert_after_run
from orchestration.cli import console
from orchestration.cli.main import cli
from tests.unit.ingest.test_records import file_record, part_record

pytestmark = pytest.mark.integration
COUNCIL = "hyndburn-borough-council"
HOOK = "http://127.0.0.1:1/verysecret"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with the second quarter's ledger of a council, landed in July 2024."""
    monkeypatch.setattr(console, "LAST_HOME", tmp_path / "last-home")
    monkeypatch.setenv("TOTALPLACE_HOME", str(tmp_path / "home"))
    landed = datetime(2024, 7, 20)
    part = replace(part_record(f"{COUNCIL}.spend.2024-Q2"), agency_slug=COUNCIL, period="2024-Q2", period_start="2024-04-01")
    record = replace(file_record(part, name=f"{COUNCIL}/q2.csv"), publisher_slug=COUNCIL, landed_at=landed, first_landed_at=landed)
    write_record(Home(tmp_path / "home"), record)
    return Home(tmp_path / "home")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_due_as_of_a_day(home: Home) -> None:
    result = call("returns", "due", "--as-of", "2024-11-05", "--json")
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert [(row["period"], row["state"], row["due_on"], row["days_late"]) for row in rows] == [
        ("2024-Q2", "received", "2024-07-31", None),
        ("2024-Q3", "late", "2024-10-31", 5),
        ("2024-Q4", "not_yet_due", "2025-01-31", None),
    ]
    shown = call("returns", "due", "--as-of", "2024-11-05", "--agency", COUNCIL).stdout
    assert "2024-Q3" in shown and "2024-Q4" in shown and "2024-Q2" not in shown
    assert "2024-Q2" in call("returns", "due", "--as-of", "2024-11-05", "--all").stdout
    assert json.loads(call("returns", "due", "--agency", "hart-district-council", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--as-of", "soon"), "give a day like 2025-01-31"),
        (("--agency", "no-such-agency"), "no such agency"),
    ],
)
def test_due_refuses_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    result = call("returns", "due", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_alerts_list_shows_what_stands_and_who_has_heard(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = json.loads(call("alerts", "list", "--json").stdout)
    assert {row["key"].partition(":")[0] for row in rows} == {"finding", "returns_due"}
    assert all(row["said_by"] == [] for row in rows)
    assert not (home.root / "alerts").exists()  # listing says nothing
    assert "Alerts are off" in call("alerts", "list").stdout
    monkeypatch.setenv("TOTALPLACE_ALERT_FILE", "1")
    alert_after_run(home, None)
    assert all(row["said_by"] == ["file"] for row in json.loads(call("alerts", "list", "--json").stdout))


def test_alerts_test_needs_a_channel() -> None:
    result = call("alerts", "test")
    assert result.exit_code == 2
    assert "alerts are off" in result.stderr


def test_alerts_test_writes_a_message_marked_as_a_test(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_ALERT_FILE", "1")
    assert call("alerts", "test").exit_code == 0
    (record,) = map(json.loads, (home.root / "alerts" / "alerts.jsonl").read_text().splitlines())
    assert (record["event"], record["title"]) == ("test", "TEST of alerts: nothing is wrong")


def test_alerts_test_fails_where_a_channel_does_and_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_ALERT_WEBHOOK_URL", HOOK)
    monkeypatch.setenv("TOTALPLACE_ALERT_TRIES", "1")
    result = call("alerts", "test", "--json")
    assert result.exit_code == 1
    (channel,) = json.loads(result.stdout)
    assert (channel["channel"], channel["is_sent"]) == ("webhook", False)
    assert "verysecret" not in result.output


@pytest.mark.parametrize("command", [("alerts", "list"), ("alerts", "test"), ("run", "--returns", ".")])
def test_a_setting_that_cannot_be_used_is_one_line(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_ALERT_WEBHOOKURL", HOOK)
    result = call(*command)
    assert result.exit_code == 2
    assert "TOTALPLACE_ALERT_WEBHOOKURL: there is no such setting" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "verysecret" not in result.output
