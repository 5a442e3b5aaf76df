"""Logs: one line of JSON per event, about whom, without secrets, kept for so long; never a reason to stop."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from ingest.home import Home
from orchestration.home_secret import home_secret
from orchestration.logs import log, log_days, logged, without_secrets
from orchestration.storing import store
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, check


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def lines(home: Home) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(home.logs.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_a_return_that_is_stored_is_a_line_with_publisher_agency_and_counts(home: Home) -> None:
    store(home, check("Payment date,Supplier name,Amount\n01/04/2024,A Ltd,1.00\n02/04/2024,B Ltd,no money\n"), REGISTRY)
    (line,) = lines(home)
    wanted = {
        "run": "", "stage": "return", "publisher": COUNCIL, "agency": COUNCIL, "kind": "spend", "period": "2024-04",
        "return_id": f"{COUNCIL}.spend.2024-04", "outcome": "accepted", "accepted": 1, "quarantined": 1,
    }  # fmt: skip
    assert {name: line[name] for name in wanted} == wanted
    assert line["at"][:10] == datetime.now(UTC).date().isoformat()


def context() -> Any:
    return SimpleNamespace(run=SimpleNamespace(run_id="run-1"), has_partition_key=True, partition_keys=["kent|2024-25"])


def test_a_stage_says_how_long_it_took_what_it_counted_and_which_run_it_was(home: Home) -> None:
    @logged("check")
    def asset(context: Any, totalplace: Any) -> Any:
        log(home, "return", agency="kent")
        yield dg.MaterializeResult(asset_key="a", metadata={"files": 3, "words": "not a count"})
        yield dg.AssetCheckResult(passed=False, asset_key="a", check_name="c")

    assert len(list(asset(context(), SimpleNamespace(home=home)))) == 2
    inner, outer = lines(home)
    assert (inner["run"], inner["agency"]) == ("run-1", "kent")
    assert outer.pop("seconds") >= 0 and outer.pop("at")
    assert outer == {
        "run": "run-1", "stage": "check", "outcome": "done", "partitions": ["kent|2024-25"], "materialized": 1,
        "checks_passed": 0, "checks_failed": 1, "files": 3,
    }  # fmt: skip
    log(home, "afterwards")
    assert lines(home)[-1]["run"] == ""


def test_a_stage_that_fails_says_why_and_fails(home: Home) -> None:
    @logged("publish")
    def asset(context: Any, totalplace: Any) -> Any:
        raise dg.Failure(description="the disk\nis full")

    with pytest.raises(dg.Failure):
        asset(context(), SimpleNamespace(home=home))
    (line,) = lines(home)
    assert (line["outcome"], line["error"]) == ("failed", "Failure: the disk is full")


def test_secrets_are_never_logged(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = home_secret(home).decode()
    monkeypatch.setenv("TOTALPLACE_SMTP_PASSWORD", 'pass"word')
    monkeypatch.setenv("TOTALPLACE_HASH_KEY", "hunter22")
    log(home, "fetch", error=f'pass"word hunter22 {secret}', url="https://user:key@example.org/a.csv?sig=abc#x")
    text = next(home.logs.glob("*.jsonl")).read_text()
    for word in ("hunter22", secret, "user:key", "sig=abc", 'pass\\"word'):
        assert word not in text, word
    assert json.loads(text)["url"] == "https://***@example.org/a.csv?***"
    assert without_secrets(home, "plain words, £1") == "plain words, £1"


def test_only_their_owner_reads_them(home: Home) -> None:
    log(home, "run")
    (path,) = home.logs.iterdir()
    assert (oct(home.logs.stat().st_mode)[-3:], oct(path.stat().st_mode)[-3:]) == ("700", "600")


def test_old_days_are_taken_away_when_a_new_one_begins(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.logs.mkdir(parents=True)
    for day in ("2020-01-01", "9999-01-01"):
        (home.logs / f"{day}.jsonl").write_text("{}\n")
    (home.logs / "notes.txt").write_text("kept")
    monkeypatch.setenv("TOTALPLACE_LOG_DAYS", "30")
    log(home, "run")
    names = {path.name for path in home.logs.iterdir()}
    assert names == {"9999-01-01.jsonl", "notes.txt", f"{datetime.now(UTC).date()}.jsonl"}


@pytest.mark.parametrize("given", ["0", "-1", "many", ""])
def test_a_setting_that_is_no_number_of_days_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_LOG_DAYS", given)
    with pytest.raises(ValueError, match="give a number of days, such as 90"):
        log_days()


def test_where_no_line_can_be_written_none_is(home: Home) -> None:
    home.root.mkdir()
    home.logs.write_text("a file, not a folder")
    log(home, "run")
    assert home.logs.is_file()
