"""After a run: off by default, once by whichever way, and never a failure of the run."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import dagster as dg
import pytest

from ingest.home import Home
from ingest.records import write_record
from orchestration.alerts import after_run
from orchestration.alerts.after_run import alert_after_run
from orchestration.alerts.memory import record_file
from orchestration.alerts.sensors import alert_after_failure, alert_after_success
from orchestration.resources import TotalPlace
from tests.unit.orchestration.alerts.test_subjects import breaks, failed, passed, record


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one return in which an amount cannot be read."""
    home = Home(tmp_path)
    write_record(home, record(failed(passed(), "amount_parses")))
    return home


@pytest.fixture
def to_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_ALERT_FILE", "true")
    monkeypatch.setenv("TOTALPLACE_ALERT_ABOUT", "run;finding")


def said(home: Home) -> list[str]:
    lines = record_file(home).read_text().splitlines() if record_file(home).exists() else []
    return [f"{entry['event']} {entry['key']}" for entry in map(json.loads, lines)]


FINDING = "alert finding:kent.spend.2024-06:amount_parses"


def test_off_by_default(home: Home) -> None:
    assert alert_after_run(home, None) == ""
    assert not record_file(home).parent.exists()


@pytest.mark.usefixtures("to_file")
def test_a_command_that_failed_is_said_once_and_again_after_it_went_well(home: Home) -> None:
    assert alert_after_run(home, None, "the registry cannot be used") == "alerts: 2 by file"
    assert alert_after_run(home, None, "the registry cannot be used") == "alerts: nothing new"
    alert_after_run(home, None, "")
    alert_after_run(home, None, "the registry cannot be used")
    command = "command:totalplace run"
    assert said(home) == [f"alert {command}", FINDING, f"resolved {command}", f"alert {command}"]


@pytest.mark.usefixtures("to_file")
def test_a_failed_job_is_said_as_the_run_it_is_not_twice(home: Home) -> None:
    job = dg.GraphDefinition(name="publish_release", node_defs=[breaks]).to_job()
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(instance=instance, raise_on_error=False)
        alert_after_run(home, instance, "publish_release: the disk is full (run 0123, in `totalplace ui`)")
        assert said(home) == ["alert run:publish_release", FINDING]
        alert_after_run(home, instance)  # the daemon's way to the same state says nothing more
        assert len(said(home)) == 2


@pytest.mark.usefixtures("to_file")
def test_both_ways_say_a_thing_once(home: Home) -> None:
    job = dg.GraphDefinition(name="publish_release", node_defs=[breaks]).to_job()
    totalplace = TotalPlace(home_path=str(home.root))
    with dg.DagsterInstance.ephemeral() as instance:
        for tags in ({"totalplace/command": "run"}, {}, {}):
            result = job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
            (event,) = [e for e in result.all_events if e.event_type == dg.DagsterEventType.RUN_FAILURE]
            context = dg.build_run_status_sensor_context(
                "alert_after_failure", event, instance, result.dagster_run, resources={"totalplace": totalplace}
            ).for_run_failure()
            list(alert_after_failure(context))  # type: ignore[arg-type]
            assert said(home) == ([] if tags else ["alert run:publish_release", FINDING])


def test_sensors_skip_where_alerts_are_off(home: Home) -> None:
    job = dg.GraphDefinition(name="publish_release", node_defs=[]).to_job()
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance)
        (event,) = [e for e in result.all_events if e.event_type == dg.DagsterEventType.RUN_SUCCESS]
        context = dg.build_run_status_sensor_context(
            "alert_after_success",
            event,
            instance,
            result.dagster_run,
            resources={"totalplace": TotalPlace(home_path=str(home.root))},
        )
        (skipped,) = list(alert_after_success(context))  # type: ignore[arg-type]
    assert isinstance(skipped, dg.SkipReason)
    assert "alerts are off" in (skipped.skip_message or "")


@pytest.mark.usefixtures("to_file")
def test_what_cannot_be_looked_at_stops_nothing_and_forgets_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alert_after_run(home, None)
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr(after_run, "current_records", lambda _: 1 / 0)
        assert alert_after_run(home, None) == "alerts: nothing new"
    assert "alerts about finding could not be gathered" in caplog.text
    alert_after_run(home, None)
    assert said(home) == [FINDING]


def test_settings_that_cannot_be_used_are_words_not_a_failure(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOTALPLACE_ALERT_FILE", "true")
    monkeypatch.setenv("TOTALPLACE_ALERT_WEBHOOK_URL", "verysecret")
    words = alert_after_run(home, None)
    assert words.startswith("alerts FAILED: ValueError: TOTALPLACE_ALERT_WEBHOOK_URL")
    assert "verysecret" not in words
