"""Overlapping files: what is found, and the words of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingest.findings import Finding
from ingest.home import Home
from ingest.revisions import decide_revisions
from orchestration.overlaps import overlap_rules
from tests.unit.orchestration.overlap_helpers import LedgerFile, Row, counted_rows, working_database

NOWHERE = Home(Path("no-home"))  # no file is replaced by another: none is opened
APRIL, MAY = date(2024, 4, 1), date(2024, 5, 1)
MONTH = ("2024-04", "2024-04-01", "2024-05-01")
QUARTER = ("2024-Q2", "2024-04-01", "2024-07-01")


def rows(count: int, first: int = 0, day: date | None = APRIL) -> list[Row]:
    return [(day, f"{number}.00", f"r{number}") for number in range(first, first + count)]


def outcome(*files: LedgerFile) -> tuple[list[Finding], dict[tuple[str, str], tuple[str, int]]]:
    connection, revisions = working_database(files)
    results, findings = overlap_rules(connection, NOWHERE, revisions)
    return findings, {
        (r["revision_id"].split("-")[-1].split("@")[0], r["rule_id"]): (r["outcome"], r["failed_count"]) for r in results
    }


def test_files_that_do_not_overlap_pass() -> None:
    findings, results = outcome(LedgerFile("a", *MONTH, rows(3), "aa"), LedgerFile("b", *QUARTER, rows(3, 10), "bb"))
    assert findings == []
    assert results["a", "row_stands_in_one_file_only"] == ("passed", 0)
    assert results["b", "row_stands_in_one_file_only"] == ("passed", 0)


def test_one_finding_per_pair_says_what_is_counted_where_and_the_money() -> None:
    findings, results = outcome(LedgerFile("q", *QUARTER, rows(2, 8) + rows(10, 10), "aa"), LedgerFile("m", *MONTH, rows(10), "bb"))
    (finding,) = findings
    assert (finding.file_name, finding.value, finding.amount_gbp) == ("kent/q.csv", "kent/m.csv", Decimal("17.00"))
    assert finding.message == (
        "2 of the 12 rows of this file, worth £17.00, stand in kent/m.csv (2024-04) too. They are counted once (not counted:"
        " rows 2-3 of kent/q.csv; counted: rows 10-11 of kent/m.csv). Nothing needs doing unless they are payments of their own:"
        " those need a reference that tells them apart."
    )
    assert (finding.severity, finding.owner) == ("warning", "submitter")
    assert results["q", "row_stands_in_one_file_only"] == ("failed", 2)
    assert results["m", "row_stands_in_one_file_only"] == ("passed", 0)


def test_a_copy_is_called_a_copy() -> None:
    findings, _ = outcome(
        LedgerFile("a", *MONTH, rows(10), "aa"), LedgerFile("b", "2024-05", "2024-05-01", "2024-06-01", rows(9) + rows(1, 50), "bb")
    )
    assert findings[0].message.startswith("This file looks like a copy of kent/a.csv (2024-04): 9 of its 10 rows stand there too")


def test_many_scattered_rows_are_not_all_listed() -> None:
    every_other = [row for number, row in enumerate(rows(40)) if number % 2]
    findings, _ = outcome(LedgerFile("m", *MONTH, every_other, "aa"), LedgerFile("q", *QUARTER, rows(40), "bb"))
    assert "not counted: rows 3, 5, 7, 9, 11, 13 and more of kent/q.csv; counted: rows 2-21 of kent/m.csv" in findings[0].message


def test_identical_lines_inside_one_file_all_count() -> None:
    connection, _ = working_database([LedgerFile("a", *MONTH, rows(1) * 5, "aa"), LedgerFile("b", *QUARTER, rows(1) * 3, "bb")])
    assert [name.split("/")[-1] for name in counted_rows(connection)] == ["2", "3", "4", "5", "6"]


def test_a_file_that_holds_more_copies_counts_what_is_beyond() -> None:
    connection, _ = working_database([LedgerFile("a", *MONTH, rows(1) * 2, "aa"), LedgerFile("b", *QUARTER, rows(1) * 3, "bb")])
    assert counted_rows(connection) == [
        "kent.spend.2024-04-a@aa/2", "kent.spend.2024-04-a@aa/3", "kent.spend.2024-Q2-b@bb/2",
    ]  # fmt: skip


def test_rows_without_a_date_and_rows_of_nobody_are_not_judged() -> None:
    undated = rows(3, day=None)
    findings, results = outcome(LedgerFile("a", *MONTH, undated, "aa"), LedgerFile("b", *QUARTER, undated, "bb"))
    assert findings == []
    assert results["a", "row_stands_in_one_file_only"] == ("not_applicable", 0)
    findings, _ = outcome(LedgerFile("a", *MONTH, rows(3), "aa", None), LedgerFile("b", *QUARTER, rows(3), "bb", None))
    assert findings == []


def test_agencies_do_not_touch_each_other() -> None:
    findings, _ = outcome(LedgerFile("a", *MONTH, rows(3), "aa"), LedgerFile("b", *QUARTER, rows(3), "bb", "adur"))
    assert findings == []


def test_the_shorter_period_counts_then_the_lower_hash() -> None:
    quarter, month = LedgerFile("q", *QUARTER, rows(1), "aa"), LedgerFile("m", *MONTH, rows(1), "bb")
    assert counted_rows(working_database([quarter, month])[0]) == ["kent.spend.2024-04-m@bb/2"]
    other = LedgerFile("n", *MONTH, rows(1), "ab")
    assert counted_rows(working_database([quarter, month, other])[0]) == ["kent.spend.2024-04-n@ab/2"]


def test_two_publishers_of_one_return_are_a_finding_that_names_both() -> None:
    own, other = LedgerFile("a", *MONTH, rows(1), "aa").record, LedgerFile("b", *MONTH, rows(1, 5), "bb").record
    other = replace(other, publisher_slug="all-councils", file_name="all-councils/b.csv")
    connection, _ = working_database([])
    results, findings = overlap_rules(connection, NOWHERE, decide_revisions([other, own]))
    (finding,) = findings
    assert (finding.rule_id, finding.file_name, finding.value) == ("return_has_one_publisher", "all-councils/b.csv", "kent/a.csv")
    assert finding.message.startswith(
        "kent (kent/a.csv) and all-councils (all-councils/b.csv) both return spend of kent for 2024-04. kent is in service"
    )
    outcomes = {r["revision_id"]: r["outcome"] for r in results if r["rule_id"] == "return_has_one_publisher"}
    assert outcomes == {"kent.spend.2024-04-a@aa": "passed", "kent.spend.2024-04-b@bb": "failed"}
