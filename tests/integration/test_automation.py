"""What starts by itself, and what never runs at the same time: sensors, the schedule, retries, backfills, one writer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ingest.fetch.log import Attempt
from ingest.fetch.run import FetchReport
from orchestration.assets import landing as landing_asset
from orchestration.definitions import build_definitions
from orchestration.home_lock import WAIT_VARIABLE
from orchestration.instance import prepare_instance
from orchestration.jobs import CHECK, LAND, PUBLISH
from orchestration.partitions import PUBLISHER_YEARS, RANGE_END, RANGE_START
from orchestration.resources import TotalPlace, remember_folder
from orchestration.retries import RETRIES, WAIT_SECONDS, network_retry
from orchestration.schedules import AT_VARIABLE, ZONE_VARIABLE, daily_schedule
from orchestration.sensors import after_checking, after_landing, folder_fingerprint, is_settled, returns_folder

pytestmark = pytest.mark.integration
HEAD = "Date,Supplier,Reference,Amount\n"


def lines(year: int) -> str:
    return HEAD + "".join(f"{day:02d}/06/{year},Supplier {day},R{day},10.00\n" for day in range(1, 6))


@pytest.fixture
def watched(tmp_path: Path) -> TotalPlace:
    """A home and a folder with one return, older than any wait."""
    folder = tmp_path / "returns"
    put(folder / "oxford-city-council" / "June 2024.csv", lines(2024))
    totalplace = TotalPlace(home_path=str(tmp_path / "home"))
    remember_folder(totalplace.home, folder)
    return totalplace


def put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (time.time() - 60,) * 2)


@pytest.mark.parametrize(
    "changed",
    [
        "returns/oxford-city-council/July 2024.csv",
        "returns/registry/agencies.csv",
        "returns/registry/files.csv",
        "home/quarantine/waivers/w.json",
        "home/withdrawn.json",
    ],
)
def test_whatever_could_change_the_count_starts_a_landing_once(watched: TotalPlace, changed: str) -> None:
    before = folder_fingerprint(watched)
    put(watched.home.root.parent / changed, "{}")
    with dg.build_sensor_context(cursor=before) as context:
        asked = returns_folder(context, totalplace=watched)
    assert isinstance(asked, dg.SensorResult) and len(asked.run_requests or []) == 1
    with dg.build_sensor_context(cursor=asked.cursor) as context:
        assert isinstance(returns_folder(context, totalplace=watched), dg.SkipReason)


def test_a_folder_that_holds_the_home_starts_nothing(watched: TotalPlace) -> None:
    remember_folder(watched.home, watched.home.root.parent)
    with dg.build_sensor_context() as context:
        skipped = returns_folder(context, totalplace=watched)
    assert isinstance(skipped, dg.SkipReason) and "lies in the returns folder" in str(skipped.skip_message)


def test_a_file_on_its_way_in_is_waited_for(watched: TotalPlace) -> None:
    path = watched.home.root.parent / "returns" / "oxford-city-council" / "July 2024.csv"
    put(path, lines(2024)[:50])
    os.utime(path)
    with dg.build_sensor_context() as context:
        skipped = returns_folder(context, totalplace=watched)
    assert isinstance(skipped, dg.SkipReason) and "still being written" in str(skipped.skip_message)
    assert is_settled(watched, time.time() + 60)
    assert is_settled(watched, time.time() - 30)  # the clock went back: a time in the future says nothing


def test_the_schedule_is_a_setting() -> None:
    assert daily_schedule({}).cron_schedule == "0 6 * * *"
    late = daily_schedule({AT_VARIABLE: "23:45", ZONE_VARIABLE: "UTC"})
    assert (late.cron_schedule, late.execution_timezone, late.job_name) == ("45 23 * * *", "UTC", LAND.name)
    for wrong in ({AT_VARIABLE: "25:00"}, {AT_VARIABLE: "early"}, {ZONE_VARIABLE: "Lancashire"}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))}=.*: give a time"):
            daily_schedule(wrong)


@pytest.fixture
def definitions(watched: TotalPlace) -> dg.Definitions:
    return build_definitions(totalplace=watched)


@pytest.fixture
def instance(watched: TotalPlace, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    for name in ("DAGSTER_HOME", "TOTALPLACE_HOME"):
        monkeypatch.setenv(name, "")
    prepare_instance(watched.home)
    with dg.DagsterInstance.get() as instance:
        yield instance


def execute(
    definitions: dg.Definitions, instance: dg.DagsterInstance, job: str, tags: dict[str, str] | None = None
) -> dg.ExecuteInProcessResult:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return definitions.resolve_job_def(job).execute_in_process(
        instance=instance, tags=tags or {}, raise_on_error=False, run_config=quiet
    )


def test_a_backfill_over_agencies_and_years_is_one_run(
    watched: TotalPlace, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    """And the chain of a dropped file: landed, what it changed is checked, then a release is asked for, once."""
    returns = watched.home.root.parent / "returns"
    for year in (2023, 2025):
        put(returns / "oxford-city-council" / f"June {year}.csv", lines(year))
    put(returns / "trafford-council" / "June 2024.csv", lines(2024))
    assert execute(definitions, instance, LAND.name).success
    asked = [request for request in after_landing(watched, instance, "r") if isinstance(request, dg.RunRequest)]
    assert [(r.job_name, r.tags) for r in asked] == [
        (CHECK.name, {RANGE_START: "oxford-city-council|2023-24", RANGE_END: "trafford-council|2024-25"})
    ]
    assert isinstance(after_checking(watched, "r"), dg.SkipReason)  # not before they are checked

    assert execute(definitions, instance, CHECK.name, dict(asked[0].tags)).success
    made = instance.fetch_materializations(dg.AssetKey("returns"), limit=50).records
    assert {record.partition_key for record in made} == set(instance.get_dynamic_partitions(str(PUBLISHER_YEARS.name)))
    assert len(made) == 4 and len({record.run_id for record in made}) == 1
    assert isinstance(after_checking(watched, "r"), dg.RunRequest)

    put(returns / "registry" / "areas.csv", "area_code,area_name,place_code\nA,All of it,E07000178\n")
    assert execute(definitions, instance, LAND.name).success
    (publish,) = after_landing(watched, instance, "r2")  # nothing is read again, and the count is another
    assert isinstance(publish, dg.RunRequest) and publish.job_name == PUBLISH.name


def test_returns_are_backfilled_in_a_single_run(definitions: dg.Definitions) -> None:
    policy = definitions.resolve_asset_graph().get(dg.AssetKey("returns")).backfill_policy
    assert policy == dg.BackfillPolicy.single_run()


def test_one_run_at_a_time_and_one_writer(instance: dg.DagsterInstance, definitions: dg.Definitions) -> None:
    settings = instance.get_concurrency_config()
    assert settings.run_queue_config is not None and settings.run_queue_config.max_concurrent_runs == 1
    assert settings.pool_config.default_pool_limit == 1
    graph = definitions.resolve_asset_graph()
    assert graph.get(dg.AssetKey("release")).pools == graph.get(dg.AssetKey("fct_flow")).pools == {"duckdb"}


_HOLD = """
import sys, time
from pathlib import Path
from ingest.home import Home
from orchestration.home_lock import home_lock
with home_lock(Home(Path(sys.argv[1])), "totalplace run", 0):
    print("have it", flush=True)
    time.sleep(60)
"""


def test_a_run_of_the_daemon_waits_for_a_run_at_the_terminal(
    watched: TotalPlace, definitions: dg.Definitions, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = subprocess.Popen([sys.executable, "-c", _HOLD, str(watched.home.root)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "have it\n"
    try:
        monkeypatch.setenv(WAIT_VARIABLE, "0")
        refused = execute(definitions, instance, LAND.name)
        assert not refused.success and f"is in use now by process {other.pid} (totalplace run)" in str(refused.all_events)
    finally:
        other.kill()
        other.communicate()
    assert execute(definitions, instance, LAND.name).success


def _fetched(outcome: str) -> FetchReport:
    return FetchReport((Attempt("e", "a", "spend", "https://example.org/a.csv", "2026-01-05T09:00:00", 1, outcome, True),))


@pytest.mark.parametrize(("outcome", "times"), [("unreachable", RETRIES + 1), ("dead_link", 1), ("fetched", 1)])
def test_only_faults_of_the_network_are_tried_again(
    watched: TotalPlace, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, outcome: str, times: int
) -> None:
    asked: list[bool] = []

    def answer(totalplace: TotalPlace, registry: object, *, failed_again: bool = False) -> FetchReport:
        asked.append(failed_again)
        return _fetched(outcome)

    monkeypatch.setattr(landing_asset, "fetch_due", answer)
    monkeypatch.setattr("orchestration.retries.WAIT_SECONDS", 0)
    definitions = build_definitions(totalplace=watched)
    assert execute(definitions, instance, LAND.name).success  # what could be had has landed all the same
    assert asked == [False, True, True][:times]


def test_nobody_waits_at_a_terminal_and_nothing_else_is_tried_again(
    definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    assert network_retry(_fetched("stalled"), 0, is_watched=True) is None
    again = network_retry(_fetched("stalled"), 1, is_watched=False)
    assert again is not None and again.seconds_to_wait == 2 * WAIT_SECONDS
    assert not instance.run_retries_enabled
    graph = definitions.resolve_asset_graph()
    ops = [node.op for key in graph.get_all_asset_keys() for node in [graph.get(key).assets_def] if node.is_executable]
    assert ops and all(op.retry_policy is None for op in ops)
