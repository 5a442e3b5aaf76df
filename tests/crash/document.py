"""The tables of docs/faults.md: what was tried at the stages, and every other fault with the test that makes it.

Belongs here: writing them between their marks in the page (`make crash ARGS=--document`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.crash.stages import TITLES
from tests.crash.suite import Tally

PAGE = Path(__file__).resolve().parents[2] / "docs" / "faults.md"
FAULTS = "tests/crash/test_faults.py"
LANDING, STATES = "tests/unit/ingest/test_landing.py", "tests/unit/ingest/registry/test_states.py"
# the fault, what happens, the file and the test in which it does
OTHERS: tuple[tuple[str, str, str, str], ...] = (
    ("kill -9 of the whole process, ten times in one home", "readers keep the release before; one run heals",
     "tests/crash/test_process_kills.py", "test_a_process_killed_ten_times_makes_what_one_never_killed_makes"),
    ("kill -9 inside a Dagster step that holds the working database's pool", "the next run ends the dead run and takes its place",
     "tests/unit/orchestration/test_abandoned.py", "test_a_killed_run_frees_the_place_it_held"),
    ("disk full while landing", "one line; the landed stay; goes on when there is room", FAULTS,
     "test_a_disk_that_fills_while_landing_loses_nothing"),
    ("disk full while storing lines", "no record of what is not stored; made whole when there is room", FAULTS,
     "test_a_disk_that_fills_while_storing_leaves_no_record_of_what_was_not_stored"),
    ("disk full while publishing", "the release before stays current, nothing is left behind", FAULTS,
     "test_a_disk_that_fills_while_publishing_leaves_the_release_before"),
    ("disk full from the start", "one line: make room and run again", FAULTS, "test_a_run_on_a_full_disk_says_so_in_one_line"),
    ("home read-only", "one line: give a --home that can be written", FAULTS, "test_a_home_that_cannot_be_written_is_one_line"),
    ("returns folder read-only", "it is read as ever", FAULTS, "test_a_returns_folder_that_cannot_be_written_is_read"),
    ("original truncated, changed or gone, its file still in the folder", "restored from the folder", LANDING,
     "test_a_damaged_original_is_refused_and_restored_from_the_folder"),
    ("original damaged, its file gone, lines checked before", "a finding asks for the file; its lines stay in service", FAULTS,
     "test_a_damaged_original_keeps_what_was_made_of_it_and_is_asked_for_again"),
    ("original damaged before it was checked", "held with the reason until it is back", FAULTS,
     "test_an_original_damaged_before_it_was_checked_is_held_until_it_is_back"),
    ("receipt damaged", "its file lands again", LANDING, "test_a_damaged_receipt_is_none_and_its_file_lands_again"),
    ("lake, quarantine or findings file truncated, bit-flipped or gone", "not counted; made again from the original", FAULTS,
     "test_a_damaged_lake_file_is_seen_not_counted_and_made_again"),
    ("record truncated, bit-flipped or gone", "its file is checked again", FAULTS,
     "test_a_damaged_record_is_none_and_its_file_is_checked_again"),
    ("cached reading changed", "read again", FAULTS, "test_a_damaged_reading_is_read_again"),
    ("file of a release truncated or bit-flipped", "seen by its hash; the next run publishes anew; `undo` passes it over", FAULTS,
     "test_a_damaged_release_is_seen_and_made_again"),
    ("undone release damaged", "`restore` refuses it, with the file", FAULTS, "test_a_damaged_release_is_not_brought_back"),
    ("working database corrupted", "no release of it; made anew", FAULTS,
     "test_a_corrupted_working_database_is_no_release_and_is_made_anew"),
    ("waivers, withdrawals, list of the undone damaged", "one line: nothing a person decided is forgotten in silence", FAULTS,
     "test_what_people_decided_is_not_forgotten_by_a_fault"),
    ("home copied without its times", "whole: hashed once", FAULTS, "test_a_copy_of_a_home_is_whole_though_its_times_are_others"),
    ("clock going back while landing", "the later landing is the later revision all the same", LANDING,
     "test_a_clock_that_goes_back_does_not_turn_the_order_of_revisions"),
    ("clock going back while the registry changes", "the newest registry stays in force", STATES,
     "test_a_clock_that_goes_back_does_not_bring_an_old_registry_back"),
    ("clock going back while publishing", "ids stay in the order of publishing", FAULTS,
     "test_releases_stay_in_order_when_the_clock_goes_back"),
    ("two publish at once", "the second says so", FAULTS, "test_two_that_publish_at_once_do_not_meet"),
    ("registry not UTF-8, without a column, empty, a folder", "one line: file, fault, what to do", FAULTS,
     "test_a_registry_that_cannot_be_read_is_one_line"),
    ("registry without permission", "one line", FAULTS, "test_a_registry_without_permission_is_one_line"),
    ("kept registry torn and the folder's gone", "checked out again from what was kept", STATES,
     "test_the_kept_copy_is_that_of_the_last_state_whatever_a_stop_left"),
)  # fmt: skip


def stage_table(tallies: Sequence[Tally]) -> str:
    head = "| stopped while | operations | stop | torn | power | timed | not healed | lost |\n|---|" + "---:|" * 7 + "\n"
    rows = [
        f"| {TITLES[t.stage]} | {t.operations} | "
        + " | ".join(f"{t.by_mode.get(mode, 0):,}" for mode in ("stop", "torn", "power", "timed"))
        + f" | {len(t.faults)} | {sum('lost' in fault for fault in t.faults)} |\n"
        for t in tallies
    ]
    return head + "".join(rows)


def fault_table() -> str:
    rows = "".join(f"| {fault} | {outcome} | `{file.rpartition('/')[2]}` |\n" for fault, outcome, file, _ in OTHERS)
    return "| fault | what happens | test in |\n|---|---|---|\n" + rows


def between(page: str, mark: str, table: str) -> str:
    """The page with the table between `<!-- mark -->` and `<!-- end -->`."""
    begin, _, rest = page.partition(f"<!-- {mark} -->\n")
    _, found, after = rest.partition("<!-- end -->")
    assert found, f"the page has no place for {mark}"
    return f"{begin}<!-- {mark} -->\n{table}{found}{after}"


def write_document(tallies: Sequence[Tally]) -> None:
    page = between(PAGE.read_text(), "stages", stage_table(tallies))
    PAGE.write_text(between(page, "faults", fault_table()))
