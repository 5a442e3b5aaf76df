"""The life of quarantine without Dagster: what is held, what may be let go, what a waiver does to ledger, lake and suspense."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from expectations.catalogue import load_catalogue
from expectations.waivable import instead_of_waiver, may_be_waived
from ingest.records import FileRecord
from ingest.revisions import decide_revisions
from ingest.waivers import all_waivers, revoke_waiver, waivers_in_force
from ingest.withdrawals import withdraw
from orchestration import intake, storing
from orchestration.checking import check_reading, check_readings
from orchestration.cli.main import cli
from orchestration.intake_tables import suspense_rows, waiver_rows
from orchestration.quarantine import CannotRelease, held_items, how_released, release
from orchestration.warehouse import current_records
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY
from tests.unit.orchestration.test_intake import FIVE, HEAD, Desk

SLIPPED = "Date,Supplier,Description,Amount\n03/06/2024,Acme Ltd,paint,100.00\n10/06/2024,Bolt & Co,250.50,\n"
MIXED = FIVE + "06/06/2031,Late Ltd,R6,60.00\n07/06/2031,Later Ltd,R7,70.00\n08/06/2024,Sum Ltd,R8,eight\n"
DATE_RULE = "payment_date_in_period"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def check_again(desk: Desk) -> list[FileRecord]:
    """What a run does with landed files: those without a record under today's waivers are checked."""
    waivers = waivers_in_force(desk.home)
    done: list[FileRecord] = []
    for receipt in desk.landing.receipts():
        if intake.is_done(desk.home, REGISTRY, receipt, waivers) is None:
            reading = intake.read_landed(desk.landing, REGISTRY, receipt)
            done.append(storing.store(desk.home, check_reading(reading, REGISTRY, waivers), REGISTRY))
    return done


def ids(desk: Desk) -> list[str]:
    return [item.item_id for item in held_items(desk.home)]


def suspense(desk: Desk, on: datetime | None = None) -> Decimal:
    rows = suspense_rows(decide_revisions(current_records(desk.home, on), on))
    return sum((Decimal(row["amount_gbp"]) for row in rows), Decimal("0.00"))


def accepted(desk: Desk) -> tuple[int, Decimal]:
    entries = [e for r in current_records(desk.home) for part in r.parts for e in part.ledger]
    return sum(e["accepted_count"] for e in entries), sum((Decimal(e["accepted_gbp"]) for e in entries), Decimal("0.00"))


def test_every_blocking_rule_says_whether_it_may_be_waived() -> None:
    from expectations.waivable import _instead

    assert set(_instead()) == {rule.rule_id for rule in load_catalogue() if rule.severity == "blocking"}


@pytest.mark.parametrize("rule_id", ["no_stray_money", DATE_RULE, "amount_is_not_absurd", "payee_column_present"])
def test_what_can_be_counted_may_be_waived(rule_id: str) -> None:
    assert may_be_waived(rule_id) and instead_of_waiver(rule_id) == ""


@pytest.mark.parametrize(
    ("rule_id", "words"),
    [
        ("amount_parses", "there is no amount"),
        ("agency_is_known", "registry/agencies.csv"),
        ("period_is_known", "registry/files.csv"),
        ("ledger_money_balances", "account for every penny"),
        ("file_is_a_table", "send the table itself"),
        ("a_rule_that_is_new", "correct the file"),
    ],
)
def test_what_cannot_be_counted_may_not_and_says_what_to_do(rule_id: str, words: str) -> None:
    assert not may_be_waived(rule_id) and words in instead_of_waiver(rule_id)


def test_held_lines_are_listed_by_rule_with_their_money(desk: Desk) -> None:
    record = desk.take_in(MIXED, "June 2024.csv")
    revision = record.parts[0].revision_id
    found = [(i.item_id, i.is_whole, i.line_count, i.amount_gbp, i.owner, bool(i.instead)) for i in held_items(desk.home)]
    assert found == [
        (f"{revision}:amount_parses", False, 1, None, "submitter", True),
        (f"{revision}:{DATE_RULE}", False, 2, Decimal("130.00"), "submitter", False),
    ]
    assert suspense(desk) == Decimal("130.00")
    assert ids(desk) and held_items(desk.home, "another-agency") == [] and len(held_items(desk.home, COUNCIL)) == 2


def test_releasing_a_rules_lines_counts_them_and_keeps_the_finding(desk: Desk) -> None:
    revision = desk.take_in(MIXED, "June 2024.csv").parts[0].revision_id
    before = held_items(desk.home)
    (waiver,) = release(desk.home, f"{revision}:{DATE_RULE}", "an old dispute", "A. Officer", desk.clock())
    assert held_items(desk.home)[1].waiver_ids == (waiver.waiver_id,)
    (record,) = check_again(desk)
    assert accepted(desk) == (7, Decimal("180.00")) and suspense(desk) == Decimal("0.00")
    assert ids(desk) == [f"{revision}:amount_parses"]
    assert record.parts[0].waived == [{"waiver_id": waiver.waiver_id, "line_count": 2, "amount_gbp": "130.00"}]
    findings = [row for row in desk.rows(record.findings_path) if row["rule_id"] == DATE_RULE]
    assert [(f["severity"], f["row_number"]) for f in findings] == [("warning", 7), ("warning", 8)]
    assert f"Counted all the same, by waiver {waiver.waiver_id}: an old dispute" in findings[0]["message"]
    assert not any("A. Officer" in str(row) for row in desk.rows(record.findings_path))  # findings are published
    lines = {row["row_number"]: row["financial_year"] for row in desk.rows(record.parts[0].lake_path)}
    assert lines[7] == "2024-25"  # the year of the return: the date is the very thing that is doubted
    assert [(item.rule_ids, words) for item, words in how_released(desk.home, before, held_items(desk.home))] == [
        ((DATE_RULE,), f"by waiver {waiver.waiver_id}")
    ]
    assert check_again(desk) == []  # done under these waivers


def test_releasing_one_line_leaves_the_others(desk: Desk) -> None:
    revision = desk.take_in(MIXED, "June 2024.csv").parts[0].revision_id
    before = held_items(desk.home)
    release(desk.home, f"{revision}:{DATE_RULE}:8", "an old dispute", "A. Officer", desk.clock())
    check_again(desk)
    assert accepted(desk) == (6, Decimal("120.00")) and suspense(desk) == Decimal("60.00")
    ((_, words),) = how_released(desk.home, before, held_items(desk.home))
    assert words.endswith("; 1 line stays held")


def test_releasing_a_whole_return_leaves_lines_that_have_nothing_to_count(desk: Desk) -> None:
    record = desk.take_in(SLIPPED, "June 2024.csv")
    revision = record.parts[0].revision_id
    assert record.parts[0].held_by == ["no_stray_money"]
    assert ids(desk) == [revision, f"{revision}:amount_is_present"]
    assert suspense(desk) == Decimal("100.00")
    (waiver,) = release(desk.home, revision, "the cell is a note", "A. Officer", desk.clock())
    (record,) = check_again(desk)
    assert not record.parts[0].is_held and accepted(desk) == (1, Decimal("100.00")) and suspense(desk) == Decimal("0.00")
    assert record.parts[0].waived == [{"waiver_id": waiver.waiver_id, "line_count": 1, "amount_gbp": "100.00"}]
    assert ids(desk) == [f"{revision}:amount_is_present"]


def test_a_waiver_is_for_the_very_content(desk: Desk) -> None:
    revision = desk.take_in(SLIPPED, "June 2024.csv").parts[0].revision_id
    release(desk.home, revision, "the cell is a note", "A. Officer", desk.clock())
    check_again(desk)
    later = desk.take_in(SLIPPED.replace("250.50", "350.50"), "June 2024.csv")
    assert later.parts[0].is_held
    statuses = [(r.part.revision_id, r.status) for r in decide_revisions(current_records(desk.home))]
    assert statuses == [(revision, "in_service"), (later.parts[0].revision_id, "held")]
    assert suspense(desk) == Decimal("0.00")  # the last good one is in service: its money is not held twice


def test_revoking_holds_again_and_the_past_is_as_it_was(desk: Desk) -> None:
    revision = desk.take_in(MIXED, "June 2024.csv").parts[0].revision_id
    start = desk.clock()
    (waiver,) = release(desk.home, f"{revision}:{DATE_RULE}", "an old dispute", "A. Officer", desk.clock())
    check_again(desk)
    between = desk.clock()
    revoke_waiver(desk.home, waiver, "it was a slip", "B. Officer", desk.clock())
    assert check_again(desk) == []  # what it was without the waiver is still there
    assert accepted(desk) == (5, Decimal("50.00"))
    assert [suspense(desk, on) for on in (start, between, None)] == [Decimal("130.00"), Decimal("0.00"), Decimal("130.00")]

    def rows(on: datetime | None) -> list[tuple[object, ...]]:
        found = waiver_rows(desk.home, decide_revisions(current_records(desk.home, on), on), on)
        return [(row["status"], row["line_count"], row["revoke_reason"]) for row in found]

    assert rows(start) == []
    assert rows(between) == [("in_service", 2, None)]
    assert rows(None) == [("revoked", 0, "it was a slip")]
    (again,) = release(desk.home, f"{revision}:{DATE_RULE}", "no slip after all", "A. Officer", desk.clock())
    assert again.waiver_id != waiver.waiver_id and len(all_waivers(desk.home)) == 2


def test_a_corrected_return_releases_the_held_one(desk: Desk) -> None:
    desk.take_in(SLIPPED, "June 2024.csv")
    before = held_items(desk.home)
    good = desk.take_in(SLIPPED.replace("250.50,", ",250.50"), "June 2024.csv")
    assert ids(desk) == [] and suspense(desk) == Decimal("0.00")
    assert {words for _, words in how_released(desk.home, before, [])} == {
        f"replaced by {COUNCIL}/June 2024.csv ({good.parts[0].revision_id})"
    }


def test_money_that_nobody_could_read_is_not_nought(desk: Desk) -> None:
    desk.take_in("<html><body>log in</body></html>", "May 2024.csv")
    desk.take_in(
        HEAD + "".join(f"0{day}/06/2024,Acme Ltd,R{day},{amount}\n" for day, amount in enumerate(("1.00", "tba", "x"), 1)),
        "June 2024.csv",
    )
    told = {(item.file_name, item.line_count): item.amount_gbp for item in held_items(desk.home)}
    assert told == {(f"{COUNCIL}/June 2024.csv", 2): None, (f"{COUNCIL}/May 2024.csv", 0): None}
    shown = CliRunner().invoke(cli, ["quarantine", "list", "--home", str(desk.home.root)]).stdout
    assert "2 lines, money not known;" in shown and "£0.00" not in shown


def test_a_withdrawn_return_is_listed_and_restored(desk: Desk) -> None:
    record = desk.take_in(FIVE, "June 2024.csv")
    part = record.parts[0]
    withdraw(desk.home, part.return_id, "wrong council", desk.clock())
    withdrawn = desk.clock()
    (item,) = held_items(desk.home)
    assert (item.item_id, item.reason, item.instead) == (part.revision_id, "withdrawn: wrong council", "")
    assert suspense(desk) == Decimal("0.00")  # money that should not be there is not in suspense
    assert release(desk.home, item.item_id, "it was right", "A. Officer", desk.clock()) == []
    assert ids(desk) == []
    assert [r.status for r in decide_revisions(current_records(desk.home))] == ["in_service"]
    assert [r.status for r in decide_revisions(current_records(desk.home, withdrawn), withdrawn)] == ["held"]


def test_what_cannot_be_released_says_why_and_writes_nothing(desk: Desk) -> None:
    revision = desk.take_in(MIXED, "June 2024.csv").parts[0].revision_id
    page = desk.take_in("<html><body>403</body></html>", "July 2024.csv").parts[0].revision_id
    for item_id, words in [
        ("nothing", "nothing is held under nothing"),
        (revision, f"is not held whole; its held lines: {revision}:amount_parses, {revision}:{DATE_RULE}"),
        (f"{revision}:amount_parses", "amount_parses cannot be waived: there is no amount"),
        (f"{revision}:no_such_rule", "has no lines held by no_such_rule"),
        (f"{revision}:{DATE_RULE}:2", "row 2 of"),
        (f"{revision}:{DATE_RULE}:two", "give the row as a number"),
        (page, "file_is_a_table cannot be waived: nothing could be read: send the table itself"),
    ]:
        with pytest.raises(CannotRelease, match=r"\w") as error:
            release(desk.home, item_id, "because", "A. Officer", desk.clock())
        assert words in str(error.value)
    assert all_waivers(desk.home) == []
    release(desk.home, f"{revision}:{DATE_RULE}", "because", "A. Officer", desk.clock())
    with pytest.raises(CannotRelease, match="lets it go already"):
        release(desk.home, f"{revision}:{DATE_RULE}", "because", "A. Officer", desk.clock())


def test_a_superseded_revision_has_nothing_to_release(desk: Desk) -> None:
    revision = desk.take_in(MIXED, "June 2024.csv").parts[0].revision_id
    desk.take_in(FIVE, "June 2024.csv")
    with pytest.raises(CannotRelease, match="is superseded"):
        release(desk.home, f"{revision}:{DATE_RULE}", "because", "A. Officer", desk.clock())


def test_rows_are_told_apart_by_sheet(desk: Desk) -> None:
    from orchestration.quarantine import _line

    record = desk.take_in(MIXED, "June 2024.csv")
    assert _line(desk.home, record.parts[0], DATE_RULE, "7") == (None, 7)
    with pytest.raises(CannotRelease, match="is not held by"):
        _line(desk.home, record.parts[0], DATE_RULE, "Sheet1/7")


def test_read_again_makes_a_current_record_stale_but_keeps_it(desk: Desk) -> None:
    record = desk.take_in(HEAD + "01/06/2024,A,R1,x\n02/06/2024,B,R2,2.00\n", "June 2024.csv")
    assert check_again(desk) == []
    intake.read_again(desk.landing, REGISTRY, [record])
    assert [r.parts for r in current_records(desk.home)] == [record.parts]
    assert len(check_again(desk)) == 1


def test_a_held_return_is_not_in_suspense_while_another_publisher_has_it_in_service(desk: Desk) -> None:
    count = "agency_slug,financial_year,place_code,flow,amount_gbp\n"
    desk.take_in(f"{count}{COUNCIL},2024-25,X,outlay,7.00\n", "count/2024-25.csv")
    assert suspense(desk) == Decimal("7.00")
    desk.take_in(f"{count}{COUNCIL},2024-25,E07000120,outlay,9.00\n", "count/everybody.csv", "place-team")
    found = [(r.file.publisher_slug, r.status) for r in decide_revisions(current_records(desk.home))]
    assert sorted(found) == [("place-team", "in_service"), (COUNCIL, "held")]
    assert suspense(desk) == Decimal("0.00")


def test_a_rule_of_a_return_counts_it_alone_whatever_was_checked_beside_it(desk: Desk) -> None:
    readings = []
    for month, text in (("June", FIVE), ("July", FIVE.replace("/06/", "/07/")), ("May", HEAD + "not a date,,,\n")):
        path = desk.folder / COUNCIL / f"{month} 2024.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for receipt in desk.landing.land_folder(desk.folder).new:
        readings.append(intake.read_landed(desk.landing, REGISTRY, receipt))
    for together in (readings, readings[:2]):
        alone = [check_readings([reading], REGISTRY)[0] for reading in together]
        for one, many in zip(alone, check_readings(together, REGISTRY), strict=True):
            for part, other in zip(one.parts, many.parts, strict=True):
                assert [(r.rule_id, r.outcome, r.checked_count) for _, r in part.results] == [
                    (r.rule_id, r.outcome, r.checked_count) for _, r in other.results
                ]
