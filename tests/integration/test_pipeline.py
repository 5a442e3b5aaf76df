"""The example place through the real pipeline: published, unchanged, resubmitted, read while publishing, stopped by a gate."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from ingest.home import Home
from ingest.landing import now_utc
from orchestration import compiled, early_copy, flow_file, kept_build, kept_rows, kept_statements, ledger_parts
from orchestration.pipeline import RunFailed, run_pipeline
from orchestration.release_diff import compare_releases
from orchestration.release_history import current_release, find_release, list_releases, restore, undo
from orchestration.transform import NodeResult

pytestmark = [pytest.mark.integration, pytest.mark.slow]


@dataclass(frozen=True)
class Place:
    """A home and its returns folder, with the example published in it."""

    home: Home
    returns: Path

    def run(self, **options: Any) -> str:
        return run_pipeline(self.home, self.returns, lambda _: None, **options).status

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.home.current_release / "totalplace.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def place(example_returns: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(example_returns, folder / "returns")
    place = Place(Home(folder / "home"), folder / "returns")
    with pytest.MonkeyPatch.context() as patch:  # every file is large, so that what is kept of large ones is kept of these
        patch.setattr(ledger_parts, "LARGE", 1)
        patch.setattr(flow_file, "LARGE", 1)
        assert place.run() == "published"
        yield place


def test_the_golden_place(place: Place) -> None:
    sums = place.query(
        "select sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp) from mart_spend_by_place"
        " where place_code = 'X99000001' and financial_year = '2024-25'"
    )
    assert sums == [(Decimal("937000000.00"), Decimal("232000000.00"), Decimal("705000000.00"))]


def test_the_ledger_is_what_the_generator_says(place: Place, example_returns: Path) -> None:
    with (example_returns.parent / "expected.csv").open(encoding="utf-8") as handle:
        expected = {row["file"]: row for row in csv.DictReader(handle)}
    rows = place.query(
        "select file_name, sum(row_count), sum(accepted_count), sum(quarantined_count), sum(excluded_count), sum(accepted_gbp)"
        " from qa_return_ledger where status <> 'held' group by file_name"
    )
    assert len(rows) == len(expected) - 2
    for name, row_count, accepted, quarantined, excluded, gbp in rows:
        want = expected[name]
        assert (row_count, accepted, quarantined, excluded) == tuple(
            int(want[c]) for c in ("row_count", "accepted", "quarantined", "excluded")
        ), name
        assert gbp == Decimal(want["accepted_gbp"]), name


def test_bad_returns_are_held_and_the_others_go_on(place: Place) -> None:
    held = place.query("select file_name, hold_reason from qa_returns where status = 'held' order by 1")
    assert [name for name, _ in held] == [
        "exampleshire-hospitals-trust/spend-over-25k-june-2024.csv",
        "exampleshire-icb/spend-over-25k-june-2024.csv",
    ]
    assert "web page" in held[0][1]
    assert "has no column for amount_gbp" in held[1][1]


def test_the_later_published_revision_is_in_service(place: Place) -> None:
    rows = place.query(
        "select file_name, revision_number, status from qa_returns"
        " where return_id = 'exampleshire-council.spend.2024-04' order by 2"
    )
    assert rows == [
        ("exampleshire-council/April 2024.csv", 1, "superseded"),
        ("exampleshire-council/April 2024 corrected.csv", 2, "in_service"),
    ]


def test_partial_and_missing_months_are_findings(place: Place) -> None:
    rows = place.query("select rule_id, agency_slug, period from qa_findings where rule_id like 'month%' order by all")
    assert rows == [
        ("month_is_complete", "exampleshire-council", "2025-02"),
        ("month_is_present", "exampleshire-police", "2025-02"),
        ("month_is_present", "exampleshire-police", "2025-03"),
    ]


def test_the_rule_index_is_complete(place: Place) -> None:
    """Every return that was read has every rule of its kind, and none could not run."""
    missing = place.query(
        """
        with expected as (
            select distinct kind, rule_id from qa_rule_index where grain in ('line', 'return')
        ),
        had as (select return_id, revision_id, kind, rule_id from qa_rule_index)
        select r.return_id, e.rule_id from qa_returns as r inner join expected as e on r.kind = e.kind
        left join had as h on r.revision_id = h.revision_id and e.rule_id = h.rule_id
        where h.rule_id is null and r.period is not null
        """
    )
    assert missing == []
    assert place.query("select count(*) from qa_rule_index where outcome = 'could_not_run'") == [(0,)]


def test_manifest_and_marts_agree(place: Place) -> None:
    release = current_release(place.home)
    assert release is not None
    for name, facts in release.manifest["tables"].items():
        parquet = place.home.current_release / "marts" / f"{name}.parquet"
        assert place.query(f"select count(*) from read_parquet('{parquet}')") == [(facts["row_count"],)]
        for column, total in facts["sums_gbp"].items():
            found = place.query(f"select sum({column}) from {name}")[0][0]
            assert str(found) == str(total) if total is not None else found is None, (name, column)
    package = json.loads((place.home.current_release / "datapackage.json").read_text())
    assert {resource["name"] for resource in package["resources"]} == set(release.manifest["tables"])


def test_again_there_is_nothing_to_do(place: Place) -> None:
    before = current_release(place.home)
    assert place.run() == "unchanged"
    after = current_release(place.home)
    assert before is not None and after is not None and before.release_id == after.release_id


build_rows = kept_rows.KeptRows.build


def test_a_reader_keeps_its_release_while_the_next_is_published(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_build, "run_dbt", None)  # a resubmission is built by what dbt compiled before
    kept: list[str] = []
    monkeypatch.setattr(kept_rows.KeptRows, "build", lambda *given: (kept.append(given[2]), build_rows(*given))[1])
    before = current_release(place.home)
    assert before is not None
    reader = duckdb.connect(str(place.home.current_release / "totalplace.duckdb"), read_only=True)
    query = "select count(*), sum(amount_gbp) from fct_flow"
    seen = reader.execute(query).fetchone()
    _append_line(place.returns / "exampleshire-council" / "January 2025.csv")
    count = place.returns / "exampleshire-fire" / "count" / "2023-24.csv"
    count.write_text(count.read_text().replace("15400000.01", "16000000.07"))
    parts = set((place.home.warehouse.parent / flow_file.FOLDER).iterdir())
    assert place.run() == "published"
    assert {"int_flow__lines", "int_flow__decided"} <= set(kept)  # lines of other returns were not read again
    assert len(parts & set((place.home.warehouse.parent / flow_file.FOLDER).iterdir())) == len(parts) - 1
    assert reader.execute(query).fetchone() == seen
    reader.close()
    after = current_release(place.home)
    assert after is not None and after.release_id != before.release_id
    assert seen is not None
    assert place.query("select count(*) from fct_flow")[0][0] == seen[0] + 1
    changed = {n for n, t in after.manifest["tables"].items() if t["content_hash"] != before.manifest["tables"][n]["content_hash"]}
    assert "fct_flow" in changed and "dim_service" not in changed
    assert [r.release_id for r in list_releases(place.home)][-2:] == [before.release_id, after.release_id]


def test_what_was_built_by_kept_statements_is_what_dbt_builds(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The working database as the last run left it, a resubmission in it; then every model built again, from the start: by dbt,
    then beginning with the empty build that dbt left beside the code."""
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "compiled")
    home = Home(tmp_path / "home")
    shutil.copytree(place.home.warehouse.parent, home.warehouse.parent)
    hashes = kept_build.table_hashes(home.warehouse)
    for is_compiled in (False, True):
        assert compiled.FOLDER.exists() is is_compiled
        kept_build.forget(home)
        kept_build.remove_models(home.warehouse)
        results = kept_build.build(home)
        assert len(kept_build.built_anew(results)) > 100
        assert len(hashes) > 100 and kept_build.table_hashes(home.warehouse) == hashes
        monkeypatch.setattr(kept_build, "run_dbt", None)  # from here on it is not asked


def test_the_difference_of_two_releases_is_explained_to_the_penny(place: Place) -> None:
    diff = compare_releases(find_release(place.home, "previous"), find_release(place.home, "current"))
    told = {f.figure.place_code: [(c.kind, c.return_id, c.consolidated_gbp) for c in f.causes] for f in diff.figures}
    kind, return_id = "revision_replaced", "exampleshire-fire.count.2023-24"
    assert told == {  # 600,000.06 by population: 412,357 and 187,643
        "X99000001": [(kind, return_id, Decimal("412357.04"))],
        "X99000002": [(kind, return_id, Decimal("187643.02"))],
    }
    assert (diff.difference_gbp, diff.is_explained, diff.made_with) == (Decimal("600000.06"), True, {})
    assert {change.return_id for change in diff.inputs} == {return_id, "exampleshire-council.spend.2025-01"}
    assert "fct_flow" in {table.table for table in diff.tables}


def test_an_undone_release_is_not_published_again_silently(place: Place) -> None:
    move = undo(place.home, now_utc())
    outcome = run_pipeline(place.home, place.returns, lambda _: None)
    assert (outcome.status, outcome.release_id, outcome.undone) == ("undone", move.now.release_id, move.left.release_id)
    assert restore(place.home).now.release_id == move.left.release_id
    assert place.run() == "unchanged"


def _append_line(path: Path) -> None:
    """One more line, like the file's last, with another reference: a resubmission under the same name."""
    content = path.read_bytes()
    lines = content.splitlines(keepends=True)
    path.write_bytes(content + lines[-1].replace(b"1", b"2", 1))


def test_a_closed_gate_stops_the_release(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current_release(place.home)
    real = kept_build.begin_build

    def with_a_lost_penny(home: Home, say: Callable[[str], None]) -> kept_build.Build:
        build = real(home, say)

        def finish() -> None:
            build.finish()
            with duckdb.connect(str(home.warehouse)) as connection:
                connection.execute("update main.qa_conservation set difference_gbp = 0.01 where rowid = 0")

        return replace(build, finish=finish)

    monkeypatch.setattr(kept_build, "begin_build", with_a_lost_penny)
    _append_line(place.returns / "exampleshire-council" / "November 2024.csv")
    with pytest.raises(RunFailed, match="the gate 'every pound is in one place' is closed"):
        place.run()
    after = current_release(place.home)
    assert before is not None and after is not None and before.release_id == after.release_id
    assert not (place.home.warehouse.parent / early_copy.FOLDER).exists()  # what was copied ahead is thrown away


def test_a_failing_warehouse_test_stops_the_release(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current_release(place.home)
    real = kept_build.begin_build

    def with_a_failure(home: Home, say: Callable[[str], None]) -> kept_build.Build:
        build = real(home, say)
        results = build.results
        first = next(i for i, r in enumerate(results) if r.resource_type == "test")
        planted = NodeResult(results[first].unique_id, "test", "a_planted_failure", "fail", "Got 1 result", 1, 0.0)
        return replace(build, results=[*results[:first], planted, *results[first + 1 :]])

    monkeypatch.setattr(kept_build, "begin_build", with_a_failure)
    with pytest.raises(RunFailed, match=r"is closed: .*1 rows break it"):
        place.run()
    after = current_release(place.home)
    assert before is not None and after is not None and before.release_id == after.release_id


def test_a_working_database_that_cannot_be_written_stops_the_release(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = current_release(place.home)
    _append_line(place.returns / "exampleshire-council" / "November 2024.csv")

    def no_room(made: Path, warehouse: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(kept_statements, "swap_in", no_room)
        with pytest.raises(RunFailed, match=r"the working database could not be written: .*No space left on device.*run again"):
            place.run()
    after = current_release(place.home)
    assert before is not None and after is not None and before.release_id == after.release_id
    assert not (place.home.warehouse.parent / early_copy.FOLDER).exists()
    assert place.run() == "published"


def test_runs_are_in_the_homes_instance_with_their_checks(place: Place) -> None:
    with dg.DagsterInstance.from_config(str(place.home.dagster)) as instance:
        names = {run.job_name for run in instance.get_runs()}
        assert names == {"land_returns", "check_returns_job", "publish_release"}
        done = instance.get_materialized_partitions(dg.AssetKey("returns"))
        assert "exampleshire-council|2024-25" in done
        known = set(instance.get_dynamic_partitions("publisher_year"))
        assert {"exampleshire-fire|2023-24", "exampleshire-police|2024-25"} <= known
        key = dg.AssetCheckKey(dg.AssetKey("returns"), "amount_parses")
        execution = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
        evaluation = execution.evaluation
        assert evaluation is not None and not evaluation.passed
        assert evaluation.severity == dg.AssetCheckSeverity.ERROR


def test_as_known_on_publishes_beside(place: Place) -> None:
    before = current_release(place.home)
    first = list_releases(place.home)[0]
    assert place.run(as_known_on=first.manifest["created_at"]) == "published"
    after = current_release(place.home)
    assert before is not None and after is not None and before.release_id == after.release_id
    beside = list_releases(place.home)[-1]
    assert beside.manifest["as_known_on"] == first.manifest["created_at"]
    same = {n for n, t in beside.manifest["tables"].items() if t["sums_gbp"] == first.manifest["tables"][n]["sums_gbp"]}
    assert {"fct_flow", "mart_spend_by_place", "mart_eliminations"} <= same
