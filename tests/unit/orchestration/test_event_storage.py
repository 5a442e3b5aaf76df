"""A SQLite event log that is written fast holds what Dagster's own holds, row by row, and forgets what was wiped."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.context.data_version_cache import DataVersionCache
from dagster._core.execution.context.system import StepExecutionContext
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from orchestration import event_memory, event_storage
from orchestration.event_memory import remember_what_was_written
from orchestration.event_storage import write_events_fast

_DAGSTERS_OWN = [
    *((SqliteEventLogStorage, name, own) for name, own in event_storage.DAGSTERS_OWN.items()),
    (StepExecutionContext, "get_output_asset_keys", event_memory.DAGSTERS_OWN["get_output_asset_keys"]),
    (DataVersionCache, "_fetch_input_asset_version_info", event_memory.DAGSTERS_OWN["_fetch_input_asset_version_info"]),
]


@dg.asset(check_specs=[dg.AssetCheckSpec("is_whole", asset="table")])
def table() -> dg.MaterializeResult:
    check = dg.AssetCheckResult(check_name="is_whole", passed=False, severity=dg.AssetCheckSeverity.WARN)
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[check])


@pytest.fixture
def fast() -> Iterator[None]:
    write_events_fast()
    remember_what_was_written()
    yield


@pytest.fixture
def instance(fast: None, tmp_path: Path) -> dg.DagsterInstance:
    return dg.DagsterInstance.local_temp(str(tmp_path))


def _evaluations(instance: dg.DagsterInstance) -> list[bool]:
    key = dg.AssetCheckKey(dg.AssetKey("table"), "is_whole")
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=9)
    return [bool(r.event and r.event.asset_check_evaluation and r.event.asset_check_evaluation.passed) for r in records]


def test_events_of_assets_and_checks_are_found_again(instance: dg.DagsterInstance) -> None:
    for _ in range(2):
        assert dg.materialize([table], instance=instance).success
    event = instance.get_latest_materialization_event(dg.AssetKey("table"))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["rows"].value == 3
    assert _evaluations(instance) == [False, False]


def test_a_wiped_log_is_made_anew(instance: dg.DagsterInstance) -> None:
    run = dg.materialize([table], instance=instance)
    instance.event_log_storage.wipe()
    assert instance.get_latest_materialization_event(dg.AssetKey("table")) is None
    assert instance.all_logs(run.run_id) == []
    assert dg.materialize([table], instance=instance).success
    assert _evaluations(instance) == [False]


def _definitions() -> dg.Definitions:
    """Assets that depend on one another within a step and across steps, with and without partitions, checks that hold, that
    fail and that stop a run."""
    years = dg.StaticPartitionsDefinition(["2024", "2025"])

    @dg.asset(partitions_def=years, backfill_policy=dg.BackfillPolicy.single_run())
    def returns() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": 1})

    @dg.multi_asset(
        specs=[
            dg.AssetSpec("lines", deps=[returns]),
            dg.AssetSpec("spend", deps=["lines", returns]),
            dg.AssetSpec("places", deps=["lines", "spend"], code_version="2"),
            dg.AssetSpec("themes", deps=["places"]),
        ],
        check_specs=[dg.AssetCheckSpec(name, asset="spend") for name in ("adds_up", "is_whole")],
        can_subset=True,
    )
    def build(context: dg.AssetExecutionContext):
        yield dg.MaterializeResult("lines", metadata={"rows": 7, "said": dg.MetadataValue.md('seven %s "lines"')})
        yield dg.MaterializeResult("spend", data_version=dg.DataVersion("abc"))
        yield dg.MaterializeResult("places")
        if dg.AssetKey("themes") in context.selected_asset_keys:
            yield dg.MaterializeResult("themes", tags={"colour": "red"})
        yield dg.AssetCheckResult(passed=True, asset_key="spend", check_name="adds_up")
        yield dg.AssetCheckResult(
            passed=False, asset_key="spend", check_name="is_whole", severity=dg.AssetCheckSeverity.WARN, metadata={"n": 1}
        )

    @dg.asset_check(asset="places", blocking=True)
    def gate() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    @dg.asset(deps=["places"])
    def release() -> None: ...

    return dg.Definitions(assets=[returns, build, release], asset_checks=[gate], executor=dg.in_process_executor)


def _run(folder: Path, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[dg.ExecuteInProcessResult]:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    folder.mkdir()
    with dg.DagsterInstance.local_temp(str(folder)) as instance:
        jobs = _definitions()
        tags = {"dagster/asset_partition_range_start": "2024", "dagster/asset_partition_range_end": "2025"}
        job = jobs.resolve_implicit_global_asset_job_def()
        found = [job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey("returns")], tags=tags)]
        rest = [dg.AssetKey(name) for name in ("lines", "spend", "places", "themes", "release")]
        for chosen in (rest, rest, rest[:3]):
            found.append(job.execute_in_process(instance=instance, asset_selection=chosen, raise_on_error=False))
    return found


def _rows(folder: Path, runs: list[str]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of every shard, with names of runs, times and durations left out."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for number, name in enumerate(["index", *runs]):
        (path,) = folder.rglob(f"{name}.db")
        with sqlite3.connect(path) as connection:
            tables = [t for (t,) in connection.execute("select name from sqlite_master where type = 'table' order by 1")]
            for table_name in tables:
                rows = connection.execute(f"select * from {table_name} order by rowid").fetchall()
                found[f"{number} {table_name}"] = [tuple(_plain(value, runs) for value in row) for row in rows]
    return found


def _plain(value: object, runs: list[str]) -> object:
    if not isinstance(value, str):
        return value
    for number, run_id in enumerate(runs):
        value = value.replace(run_id, f"run {number}")
    value = re.sub(r"\d{4}-\d\d-\d\d[ T][\d:.]+", "<time>", value)
    value = re.sub(r"\b1[789]\d{8}\.\d+", "<timestamp>", value)
    value = re.sub(r'"(duration_ms|pid)": [\d.]+', r'"\1": 0', value)
    value = re.sub(r'"log_key": "\w+"', '"log_key": ""', value)
    value = re.sub(r"\b\d+(\.\d+)?(ms|s)\b|pid: \d+|\(pid.*?\)", "<duration>", value)
    value = re.sub(r"0x[0-9a-f]+|/tmp/\S+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|[0-9a-f]{40}", "<id>", value)
    return value


@pytest.mark.parametrize("settings", [{}, {"DAGSTER_EVENT_BATCH_SIZE": "1000"}], ids=["one by one", "what is planned at once"])
def test_the_log_holds_what_dagster_itself_writes(
    fast: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    ours = _run(tmp_path / "ours", settings, monkeypatch)
    for cls, name, own in _DAGSTERS_OWN:
        monkeypatch.setattr(cls, name, own)
    own = _run(tmp_path / "own", settings, monkeypatch)
    assert [run.success for run in ours] == [run.success for run in own]
    assert [run.success for run in ours] == [True, False, False, False]
    rows = _rows(tmp_path / "ours", [run.run_id for run in ours])
    wanted = _rows(tmp_path / "own", [run.run_id for run in own])
    assert {name: len(found) for name, found in rows.items()} == {name: len(found) for name, found in wanted.items()}
    for name, found in wanted.items():
        assert rows[name] == found, name
