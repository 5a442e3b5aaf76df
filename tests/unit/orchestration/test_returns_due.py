"""Returns due of a home: what of its revisions the calendar sees, the day of a release, and the check of the morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import dagster as dg
import pytest

from ingest.records import FileRecord
from ingest.registry import Registry
from ingest.revisions import decide_revisions
from orchestration.checks.freshness import check_name, could_not_run, freshness_result, returns_are_in_when_due
from orchestration.resources import TotalPlace
from orchestration.returns_due import RETURNS_DUE, day_of_release, due_of, due_table
from tests.unit.ingest.test_records import file_record, part_record

AGENCY = {"agency_slug": "kent", "agency_name": "Kent", "agency_type": "la_upper"}
REGISTRY = Registry(extension={"agencies": [AGENCY | {"valid_from": "", "valid_to": ""}]})
LANDED = datetime(2024, 7, 20, 12)


def june(**changes: object) -> FileRecord:
    """The ledger of the second quarter of 2024, landed on 20 July."""
    part = replace(part_record("kent.spend.2024-Q2"), period="2024-Q2", period_start="2024-04-01", period_end="2024-07-01")
    return replace(file_record(part), landed_at=LANDED, first_landed_at=LANDED, **changes)  # type: ignore[arg-type]


def states(as_of: date, *records: FileRecord) -> dict[str, str]:
    return {one.period.name: one.state for one in due_of(decide_revisions(records), REGISTRY, as_of)}


def test_a_release_speaks_of_the_day_of_its_last_landing_or_of_the_instant_asked_for() -> None:
    revisions = decide_revisions([june(), replace(june(), key="b", landed_at=datetime(2026, 1, 1))])
    assert day_of_release(revisions, None) == date(2024, 7, 20)  # content that came back later landed first on that day
    assert day_of_release(revisions, datetime(2025, 2, 3, 4)) == date(2025, 2, 3)
    assert day_of_release([], None) is None


def test_what_is_due_follows_the_day() -> None:
    assert states(date(2024, 8, 1), june()) == {"2024-Q2": "received", "2024-Q3": "not_yet_due"}
    assert states(date(2024, 11, 1), june())["2024-Q3"] == "late"


def test_a_file_of_many_agencies_is_each_agency_s_return() -> None:
    record = june()
    ledger = [
        {"agency_slug": "kent", "accepted_count": 0, "quarantined_count": 4},
        {"agency_slug": "york", "accepted_count": 3, "quarantined_count": 1},
        {"agency_slug": None, "accepted_count": 0, "quarantined_count": 1},
    ]
    record.parts[0].agency_slug, record.parts[0].ledger = None, ledger
    both = Registry(extension={"agencies": [AGENCY, AGENCY | {"agency_slug": "york"}]})
    found = due_of(decide_revisions([record]), both, date(2024, 9, 1))
    assert {(one.agency_slug, one.state, one.publisher_slug) for one in found if one.period.name == "2024-Q2"} == {
        ("kent", "held", "kent"), ("york", "received", "kent"),
    }  # fmt: skip


def test_a_stated_day_of_publication_counts_and_the_date_of_a_line_does_not() -> None:
    stated = june(published_as_at=datetime(2024, 7, 3))
    assert due_of(decide_revisions([stated]), REGISTRY, date(2024, 9, 1))[0].received_on == date(2024, 7, 3)
    by_lines = june(published_as_at=datetime(2024, 7, 3), is_dated_by_lines=True)
    assert due_of(decide_revisions([by_lines]), REGISTRY, date(2024, 9, 1))[0].received_on == date(2024, 7, 20)


def test_the_table_has_every_row_and_type() -> None:
    due = due_of(decide_revisions([june()]), REGISTRY, date(2024, 12, 15))
    table = due_table(due)
    assert table.schema == RETURNS_DUE
    assert [row["state"] for row in table.to_pylist()] == ["received", "not_received", "not_yet_due"]
    assert due_table([]).num_rows == 0


@pytest.mark.parametrize(
    ("today", "passed", "severity", "words"),
    [
        (date(2024, 10, 31), True, "ERROR", "all 3 returns that were asked for are in, or not yet due"),
        (date(2024, 11, 1), False, "WARN", "0 not received, 1 late, of Kent: ring the publisher"),
        (date(2024, 12, 2), False, "ERROR", "1 not received, 0 late, of Kent: ring the publisher"),
        (date(2031, 1, 1), False, "ERROR", "not received, 0 late, of Kent"),
    ],
)
def test_the_check_warns_in_grace_and_fails_past_it(today: date, passed: bool, severity: str, words: str) -> None:
    due = due_of(decide_revisions([june()]), REGISTRY, today)
    result = freshness_result(check_name("spend"), due, REGISTRY, today)
    assert (result.passed, result.severity.name) == (passed, severity)
    assert words in (result.description or "")
    assert ("owed" in result.metadata) is not passed


def test_what_is_owed_for_longer_than_a_year_is_counted_and_rings_nobody() -> None:
    today = date(2031, 1, 1)
    result = freshness_result("x", due_of(decide_revisions([june()]), REGISTRY, today), REGISTRY, today)
    older, recent = (result.metadata[name].value for name in ("not_received_over_a_year_ago", "not_received"))
    assert isinstance(recent, int) and recent <= 5
    assert isinstance(older, int) and older > 15


def test_a_calendar_that_cannot_be_asked_could_not_run_and_passes_for_no_data_failure(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "calendar.csv").write_bytes(b"\xff\xfe broken")
    job = dg.Definitions(
        assets=[dg.AssetSpec("qa_returns_due")], asset_checks=[returns_are_in_when_due],
        resources={"totalplace": TotalPlace(home_path=str(tmp_path))},
        jobs=[dg.define_asset_job("ask", selection=dg.AssetSelection.checks(returns_are_in_when_due))],
    ).resolve_job_def("ask")  # fmt: skip
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance)
    found = result.get_asset_check_evaluations()
    assert len(found) == 5
    assert {(one.passed, one.severity.name) for one in found} == {(False, "ERROR")}
    assert all((one.description or "").startswith("COULD NOT RUN: RegistryError") for one in found)
    assert not could_not_run("x", ValueError("y")).passed
