"""Files of one return of which the later replaces the earlier: when that is doubtful, and the words of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.catalogue import load_catalogue
from ingest.findings import Finding
from ingest.home import Home
from ingest.lake import SCHEMAS
from ingest.records import FileRecord
from ingest.revisions import decide_revisions
from orchestration.replaced_files import replaced_file_rule
from tests.unit.ingest.test_records import file_record, part_record

(RULE,) = (rule for rule in load_catalogue() if rule.rule_id == "replaced_file_is_earlier_revision")
NOON = datetime(2024, 6, 1, 12)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SAME = "kent/April.csv is spend of 2024-04 too and is set aside: of two files of one return the later one counts."


def file(home: Home, name: str, landed_at: datetime, pounds: Sequence[int], published_as_at: datetime | None = None) -> FileRecord:
    """A file of April's payments, each on its own day, with its lines in the lake."""
    path = f"lake/spend/kent/{name}.parquet"
    rows = [
        {"agency_slug": "kent", "payment_date": date(2024, 4, day), "amount_gbp": Decimal(amount)}
        for day, amount in enumerate(pounds, start=1)
    ]
    (home.root / path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMAS["spend"]), home.root / path)
    part = replace(
        part_record("kent.spend.2024-04"), revision_id=f"kent.spend.2024-04@{name}", agency_slug="kent", period="2024-04",
        lake_path=path,
    )  # fmt: skip
    record = file_record(part, key=name, name=f"kent/{name}.csv", sha256=name)
    return replace(record, landed_at=landed_at, first_landed_at=landed_at, published_as_at=published_as_at)


def decided(home: Home, *files: FileRecord) -> tuple[list[tuple[str, str, int, int]], list[Finding]]:
    results, findings = replaced_file_rule(duckdb.connect(), home, decide_revisions(files), RULE)
    return [(r["revision_id"].split("@")[1], r["outcome"], r["checked_count"], r["failed_count"]) for r in results], findings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_two_halves_of_a_month_are_told_with_lines_and_pounds(home: Home) -> None:
    halves = file(home, "April", NOON, [10, 20, 30]), file(home, "April schools", NOON + DAY, [11, 20, 31, 40])
    results, (finding,) = decided(home, *halves)
    assert results == [("April schools", "failed", 3, 2)]
    assert (finding.file_name, finding.value, finding.amount_gbp) == ("kent/April schools.csv", "kent/April.csv", Decimal("40.00"))
    assert finding.message == (
        f"{SAME} But 2 of its 3 lines, worth £40.00, do not stand in this file. If both count, send them as one file; if this"
        " file was sent in its place, nothing needs doing."
    )
    assert (finding.severity, finding.owner) == ("warning", "submitter")


def test_a_correction_that_came_later_passes(home: Home) -> None:
    both = file(home, "April", NOON, [10, 20, 30, 40]), file(home, "April corrected", NOON + DAY, [10, 20, 30, 44, 50])
    assert decided(home, *both) == ([("April corrected", "passed", 4, 0)], [])


def test_of_two_that_landed_together_the_later_is_a_guess(home: Home) -> None:
    both = file(home, "April", NOON + MINUTE, [10, 20, 30, 40]), file(home, "April corrected", NOON, [10, 20, 30, 44])
    results, (finding,) = decided(home, *both)
    assert results == [("April", "failed", 4, 1)]
    assert finding.message == (
        "kent/April corrected.csv is spend of 2024-04 too and is set aside: of two files of one return the later one counts. They"
        " landed together and neither says when it was published, so which is the later is a guess; 1 of its 4 lines, worth £44.00,"
        " do not stand in this file. Say in files.csv (published_as_at) which is the later."
    )


def test_one_that_says_when_it_was_published_is_no_guess(home: Home) -> None:
    both = file(home, "April", NOON, [10, 20, 30, 40]), file(home, "April corrected", NOON + MINUTE, [10, 20, 30, 44], NOON + DAY)
    assert decided(home, *both) == ([("April corrected", "passed", 4, 0)], [])


def test_the_same_payments_twice_pass_whichever_counts(home: Home) -> None:
    assert decided(home, file(home, "April", NOON, [10, 20]), file(home, "Apr", NOON, [10, 20])) == (
        [("April", "passed", 2, 0)],
        [],
    )


def test_new_content_under_the_same_name_is_what_the_sender_meant(home: Home) -> None:
    old, new = file(home, "old", NOON, [10, 20]), file(home, "new", NOON + MINUTE, [77])
    assert decided(home, *(replace(each, file_name="kent/April.csv") for each in (old, new))) == (
        [("new", "not_applicable", 0, 0)], [],
    )  # fmt: skip


def test_a_held_file_replaces_nothing(home: Home) -> None:
    good, held = file(home, "April", NOON, [10, 20]), file(home, "April corrected", NOON + DAY, [10, 21])
    held = replace(held, parts=[replace(held.parts[0], is_held=True, hold_reason="no header")])
    assert decided(home, good, held) == ([("April", "not_applicable", 0, 0)], [])
