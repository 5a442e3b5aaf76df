"""A SQLite event log whose connections stay open holds what Dagster's own holds, and forgets what was wiped."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.event_storage import keep_connections_open


@dg.asset(check_specs=[dg.AssetCheckSpec("is_whole", asset="table")])
def table() -> dg.MaterializeResult:
    check = dg.AssetCheckResult(check_name="is_whole", passed=False, severity=dg.AssetCheckSeverity.WARN)
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[check])


@pytest.fixture
def instance(tmp_path: Path) -> dg.DagsterInstance:
    keep_connections_open()
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
