"""A run whose process was killed holds nothing up; one whose process lives is left alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import dagster as dg
import pytest

from ingest.home import Home
from orchestration.abandoned import PROCESS_TAG, end_abandoned_runs, process_tags
from orchestration.instance import prepare_instance

LIMIT_SECONDS = 30


@dg.op(pool="duckdb")
def build() -> None:
    if os.environ.get("KILLED"):
        os.kill(os.getpid(), signal.SIGKILL)


@dg.job
def publish() -> None:
    build()


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("TOTALPLACE_HOME", "")
    prepare_instance(Home(tmp_path / "home"))
    return dg.DagsterInstance.get()


def run_in_child(*, killed: bool) -> int:
    """How a process that runs the job ends: the signal that ended it (an alarm where it would wait for ever), else 0."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(LIMIT_SECONDS)
        os.environ["KILLED"] = "1" if killed else ""
        with dg.DagsterInstance.get() as instance:
            publish.execute_in_process(instance=instance, tags=process_tags())
        os._exit(0)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def test_a_killed_run_frees_the_place_it_held(instance: dg.DagsterInstance) -> None:
    assert run_in_child(killed=True) == signal.SIGKILL
    (left,) = instance.get_runs()
    assert left.status == dg.DagsterRunStatus.STARTED, "Dagster takes it for running"
    assert instance.event_log_storage.get_concurrency_info("duckdb").active_slot_count == 1
    assert end_abandoned_runs(instance) == [left.run_id]
    assert instance.get_runs()[0].status == dg.DagsterRunStatus.FAILURE
    assert run_in_child(killed=False) == 0
    assert end_abandoned_runs(instance) == []


def test_a_run_of_a_living_process_another_machine_or_the_ui_is_left_alone(instance: dg.DagsterInstance) -> None:
    for tags in (process_tags(), {PROCESS_TAG: "another-machine/1/1"}, {}):
        run = dg.DagsterRun("publish", tags=tags, status=dg.DagsterRunStatus.STARTED)
        instance.run_storage.add_run(run)
    assert end_abandoned_runs(instance) == []
