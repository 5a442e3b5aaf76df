"""Intake of one file, from a returns folder to lake, quarantine, findings and record."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from ingest.findings import Finding
from ingest.home import Home
from ingest.landing import Landing
from ingest.records import FileRecord, read_record, record_path
from ingest.registry import Registry
from orchestration import intake
from orchestration.checked import CheckedFile
from orchestration.checking import check_reading
from orchestration.intake import read_landed
from orchestration.read_keys import read_key
from orchestration.storing import store
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY, TRUST, check, make_registry, read, registry_row
from tests.unit.ingest.readers.test_readers import saved

HEAD = "Date,Supplier,Reference,Amount\n"
FIVE = HEAD + "".join(f"{n:02d}/06/2024,Supplier {n},R{n},10.00\n" for n in range(1, 6))
COUNT_HEAD = "agency_slug,financial_year,place_code,flow,service_code,amount_gbp\n"


class Desk:
    """A returns folder, its landing, and a whole intake of what lies in it."""

    def __init__(self, root: Path) -> None:
        self.folder, self.home, self.now = root / "returns", Home(root / "home"), datetime(2026, 1, 5)
        self.landing = Landing(self.home, self.clock)

    def clock(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now

    def take_in(self, content: str, name: str = "lines.csv", publisher: str = COUNCIL, registry: Registry = REGISTRY) -> FileRecord:
        path = self.folder / publisher / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        (receipt,) = self.landing.land_folder(self.folder).new
        return store(self.home, check_reading(read_landed(self.landing, registry, receipt), registry), registry)

    def rows(self, path: str | None) -> list[dict[str, Any]]:
        assert path is not None
        return pq.read_table(self.home.root / path).to_pylist()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def findings_of(checked: CheckedFile, rule_id: str) -> list[Finding]:
    return [f for f in [*checked.findings, *(f for p in checked.parts for f in p.findings)] if f.rule_id == rule_id]


def test_accepted_lines_go_to_the_lake_and_the_bad_one_to_quarantine(desk: Desk) -> None:
    record = desk.take_in(FIVE + "06/06/2024,Slip Ltd,R6,tba\n")
    (part,) = record.parts
    assert (part.return_id, part.period, part.financial_year, part.layer, part.is_held) == (
        f"{COUNCIL}.spend.2024-06", "2024-06", "2024-25", "transactions", False,
    )  # fmt: skip
    assert part.revision_id == f"{part.return_id}@{record.key}"
    good, bad = desk.rows(part.lake_path), desk.rows(part.quarantine_path)
    assert [row["amount_gbp"] for row in good] == [Decimal("10.00")] * 5
    assert [(r["row_number"], r["payee_name"], r["amount_raw"], r["rule_ids"]) for r in bad] == [
        (7, "Slip Ltd", "tba", "amount_parses")
    ]
    assert {row["file_sha256"] for row in good + bad} == {record.file_sha256}
    assert part.ledger == [
        {
            "agency_slug": COUNCIL, "row_count": 7, "accepted_count": 5, "quarantined_count": 1, "excluded_count": 1,
            "file_gbp": "50.00", "accepted_gbp": "50.00", "quarantined_gbp": "0.00", "excluded_gbp": "0.00",
        }
    ]  # fmt: skip
    assert part.finding_counts == {"total": 1, "blocking": 1, "warning": 0, "info": 4}


def test_record_is_on_disk_with_its_specification(desk: Desk) -> None:
    record = desk.take_in(FIVE)
    assert read_record(record_path(desk.home, COUNCIL, record.key)) == record
    (receipt,) = desk.landing.receipts()
    assert record.specification == read_key(intake.code_and_limits(), REGISTRY, receipt, record.looked_up)
    assert record.published_as_at is None
    assert record.landed_at == record.first_landed_at == datetime(2026, 1, 5, 1)
    assert record.parts[0].quarantine_path is None


@pytest.mark.parametrize("content", [f"{FIVE}09/06/2024,Bad Ltd,R9,tba\n", "<html>403</html>"])
def test_every_stored_return_has_a_report(desk: Desk, content: str) -> None:
    record = desk.take_in(content, "june 2024.csv")
    page = desk.home.root / record.report_path
    assert page == desk.home.reports / COUNCIL / f"{record.key}.html"
    assert f"{COUNCIL}/june 2024.csv" in page.read_text(encoding="utf-8")
    listed = page.with_suffix(".csv").read_text(encoding="utf-8-sig")
    assert ("amount_parses" in listed) == ("tba" in content)
    assert read_record(record_path(desk.home, COUNCIL, record.key)) == record


def test_a_policy_made_later_leaves_the_name_in_the_original_only(desk: Desk) -> None:
    content = FIVE.replace("Supplier ", "Quillfeather ") + "09/06/2024,Quillfeather,R9,tba\n"
    before = desk.take_in(content, "june.csv")
    assert before.parts[0].quarantine_path
    row = registry_row("personal_data", kind="spend", field="payee_name", action="drop", reason="named carers")
    # the year stated anew makes another return of the same bytes: the files of the first one are left over
    facts = registry_row("files", file=f"{COUNCIL}/june.csv", period="2024-25")
    registry = make_registry(personal_data=[row], files=[facts])
    (receipt,) = desk.landing.receipts()
    after = store(desk.home, check_reading(read_landed(desk.landing, registry, receipt), registry), registry)
    intake.drop_reading(desk.landing, registry, receipt)
    assert after.parts[0].return_id != before.parts[0].return_id
    holding = set[str]()
    for path in (path for path in desk.home.root.rglob("*") if path.is_file()):
        text = repr(pq.read_table(path).to_pylist()).encode() if path.suffix == ".parquet" else path.read_bytes()
        if b"quillfeather" in text.lower():
            holding.add(path.relative_to(desk.home.root).parts[0])
    assert holding == {"landing"}


def test_findings_on_disk_are_addressed(desk: Desk) -> None:
    record = desk.take_in(FIVE + "06/06/2024,Slip Ltd,R6,tba\n")
    found = {row["rule_id"]: row for row in desk.rows(record.findings_path)}
    slip = found["amount_parses"]
    assert (slip["row_number"], slip["cell_ref"], slip["value"], slip["severity"]) == (7, "D7", "tba", "blocking")
    assert "The amount tba could not be read as money" in slip["message"]
    assert {row["return_id"] for row in found.values()} == {record.parts[0].return_id}
    assert set(found) == {"encoding_decided", "header_mapped", "date_format_decided", "period_decided", "amount_parses"}


def test_every_failing_line_has_its_finding_and_its_money() -> None:
    checked = check(FIVE + "".join(f"0{n}/06/2014,Old Ltd,Q{n},{n}.50\n" for n in range(1, 4)))
    late = findings_of(checked, "payment_date_in_period")
    assert [(f.row_number, f.value, f.amount_gbp, f.cell_ref) for f in late] == [
        (7, "01/06/2014", Decimal("1.50"), "A7"),
        (8, "02/06/2014", Decimal("2.50"), "A8"),
        (9, "03/06/2014", Decimal("3.50"), "A9"),
    ]
    assert "the period of this return (1 June 2024 to 30 June 2024)" in late[0].message


def test_quarantined_money_is_suspense_by_place_and_year(desk: Desk) -> None:
    rows = [f"{COUNCIL},2024-25,E07000120,outlay,09,10.00\n"] * 9
    rows += [f"{COUNCIL},2024-25,{place},outlay,09,{gbp}\n" for place, gbp in (("E1", 1.5), ("E1", 2), ("E2", -4))]
    (part,) = desk.take_in(COUNT_HEAD + "".join(rows)).parts
    same = {"agency_slug": COUNCIL, "financial_year": "2024-25", "reason": "lines_quarantined"}
    assert part.suspense == [
        same | {"place_code": "E1", "amount_gbp": "3.50"},
        same | {"place_code": "E2", "amount_gbp": "-4.00"},
    ]


def test_unknown_publisher_is_held_whole_with_a_row_ready_to_paste(desk: Desk) -> None:
    record = desk.take_in(FIVE, publisher="new-town-council")
    (part,) = record.parts
    assert (part.is_held, part.lake_path) == (True, None)
    assert "the publisher 'new-town-council' is not in the registry" in part.hold_reason
    assert len(desk.rows(part.quarantine_path)) == 5
    assert part.suspense[0]["amount_gbp"] == "50.00"
    message = next(r["message"] for r in desk.rows(record.findings_path) if r["rule_id"] == "publisher_is_known")
    assert message.startswith("nobody here knows the publisher 'new-town-council'; to add it: registry/agencies.csv: ")
    assert "new-town-council,New Town Council,la_unitary," in message


def test_adding_the_publisher_releases_it(desk: Desk) -> None:
    row = registry_row("agencies", agency_slug="new-town-council", agency_name="New Town", agency_type="la_parish")
    (part,) = desk.take_in(FIVE, publisher="new-town-council", registry=make_registry(agencies=[row])).parts
    assert (part.is_held, part.ledger[0]["accepted_gbp"]) == (False, "50.00")


def test_file_that_is_no_return_has_a_record_that_says_why(desk: Desk) -> None:
    record = desk.take_in("<html>403</html>")
    (part,) = record.parts
    assert (part.return_id, part.is_held, part.kind, part.period) == (
        f"{COUNCIL}.unknown.unknown-{record.key}",
        True,
        None,
        None,
    )
    assert part.hold_reason.startswith("the file is a web page")
    assert {row["revision_id"] for row in desk.rows(record.findings_path)} == {part.revision_id}
    assert (part.ledger[0]["row_count"], part.ledger[0]["accepted_count"], part.ledger[0]["file_gbp"]) == (0, 0, None)


def test_ledger_that_does_not_balance_holds_the_return() -> None:
    reading = read(FIVE)
    assert reading.tally is not None
    reading.tally.row_gbp[(None, 2)] += Decimal("0.01")
    checked = check_reading(reading, REGISTRY)
    (part,) = checked.parts
    assert (part.is_held, bool(part.accepted.any())) == (True, False)
    (finding,) = findings_of(checked, "ledger_money_balances")
    assert (finding.amount_gbp, finding.owner, finding.severity) == (Decimal("0.01"), "data_team", "blocking")
    assert findings_of(checked, "ledger_rows_balance") == []


def test_row_that_nobody_accounts_for_holds_the_return() -> None:
    reading = read(FIVE)
    reading.extract.rows.pop()
    checked = check_reading(reading, REGISTRY)
    assert checked.parts[0].is_held
    assert [f.value for f in findings_of(checked, "ledger_rows_balance")] == ["1"]


def test_without_a_tally_the_ledgers_rules_could_not_run_and_the_return_is_held() -> None:
    reading = read(FIVE)
    reading.tally = None
    checked = check_reading(reading, REGISTRY)
    outcomes = [f.outcome for rule in ("ledger_rows_balance", "ledger_money_balances") for f in findings_of(checked, rule)]
    assert (outcomes, checked.parts[0].is_held) == (["could_not_run"] * 2, True)
    assert "could not run" in checked.parts[0].hold_reason


def test_slipped_money_is_told_with_its_sum() -> None:
    text = "Date,Supplier,Description,Amount\n03/06/2024,A,paint,1.00\n04/06/2024,B,250.50,\n05/06/2024,C,-10.25,\n"
    (finding,) = findings_of(check(text), "no_stray_money")
    assert finding.amount_gbp == Decimal("260.75")  # absolute values: none hides another


def test_repeated_lines_are_accepted_with_a_warning() -> None:
    checked = check(FIVE + "05/06/2024,Supplier 5,R5,10.00\n")
    assert int(checked.parts[0].accepted.sum()) == 6
    assert [(f.row_number, f.severity, f.amount_gbp) for f in findings_of(checked, "line_is_not_repeated")] == [
        (7, "warning", Decimal("10.00"))
    ]


def test_same_amount_twice_in_different_lines_is_no_repeat() -> None:
    assert findings_of(check(FIVE), "line_is_not_repeated") == []


def test_rounded_amounts_are_told_once() -> None:
    (finding,) = findings_of(check(FIVE + "06/06/2024,A,R6,1.005\n07/06/2024,A,R7,1.0051\n"), "amounts_have_two_decimals")
    assert (finding.severity, finding.value) == ("info", "2")
    assert findings_of(check(FIVE), "amounts_have_two_decimals") == []


def test_one_bad_return_of_a_file_leaves_the_other_in_service(desk: Desk) -> None:
    rows = f"{COUNCIL},2024-25,,outlay,09,5.00\n{COUNCIL},24-25,,outlay,09,7.00\n{COUNCIL},soon,,outlay,09,9.00\n"
    good, bad = desk.take_in(COUNT_HEAD + rows).parts
    assert (good.is_held, good.return_id, len(desk.rows(good.lake_path))) == (False, f"{COUNCIL}.count.2024-25", 1)
    assert (bad.is_held, bad.period, bad.lake_path) == (True, None, None)
    assert [row["amount_gbp"] for row in desk.rows(bad.quarantine_path)] == [Decimal("7.00"), Decimal("9.00")]


def test_parts_of_a_file_never_share_a_return(desk: Desk) -> None:
    rows = f"{COUNCIL},2024-25,,outlay,09,5.00\n,2024-25,,outlay,09,7.00\n{TRUST},2024-25,,outlay,09,9.00\n"
    record = desk.take_in(COUNT_HEAD + rows)
    assert [part.return_id for part in record.parts] == [f"{COUNCIL}.{TRUST}.count.2024-25", f"{COUNCIL}.count.2024-25"]
    assert [row["amount_gbp"] for row in desk.rows(record.parts[1].lake_path)] == [Decimal("5.00")]
    assert [row["amount_gbp"] for row in desk.rows(record.parts[1].quarantine_path)] == [Decimal("7.00")]


def test_agency_out_of_a_file_is_never_a_path(desk: Desk) -> None:
    record = desk.take_in(f"{COUNT_HEAD}../../../../../escape,2024-25,,outlay,09,5.00\n{'x' * 400},2024-25,,outlay,09,5.00\n")
    folder = (desk.home.quarantine / COUNCIL).resolve()
    for part in record.parts:
        assert part.quarantine_path is not None
        assert (desk.home.root / part.quarantine_path).resolve().parent == folder
    assert len(list(folder.iterdir())) == 2


def test_printed_total_that_disagrees_is_a_warning() -> None:
    book = Workbook()
    book["Sheet"].title = "2023-24"
    for row in (["Net current expenditure (£ thousand)"], ["E-code", "Local authority", "Education services"],
                ["E2321", "Lancashire", 100], [None, "England", 300]):  # fmt: skip
        book["2023-24"].append(row)
    checked = check(saved(book), "outturn.xlsx", "mhclg-revenue-outturn")
    (finding,) = findings_of(checked, "control_total_agrees")
    assert (finding.severity, finding.amount_gbp) == ("warning", Decimal("-200000.00"))
    assert "England: education services: the file prints £300,000, its lines add up to £100,000" in finding.message
    assert checked.parts[0].is_held is False


def test_reading_is_cached_until_it_is_dropped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.take_in(FIVE)
    (receipt,) = desk.landing.receipts()
    monkeypatch.setattr(intake, "read_path", lambda *_: pytest.fail("read again"))
    assert len(read_landed(desk.landing, REGISTRY, receipt).parts[0].lines) == 5
    monkeypatch.undo()
    intake.drop_reading(desk.landing, REGISTRY, receipt)
    assert list((desk.home.root / "build" / "readings").iterdir()) == []
    assert len(read_landed(desk.landing, REGISTRY, receipt).parts[0].lines) == 5


def test_torn_cache_is_read_anew(desk: Desk) -> None:
    desk.take_in(FIVE)
    (cache,) = (desk.home.root / "build" / "readings").glob("*.pickle")
    cache.write_bytes(cache.read_bytes()[:100])
    (receipt,) = desk.landing.receipts()
    assert len(read_landed(desk.landing, REGISTRY, receipt).parts[0].lines) == 5


def test_done_until_registry_or_landing_changes(desk: Desk) -> None:
    record = desk.take_in(FIVE)
    (receipt,) = desk.landing.receipts()
    assert intake.is_done(desk.home, REGISTRY, receipt) == record
    assert intake.undone_partitions(desk.landing, REGISTRY) == set()
    elsewhere = make_registry(areas=[registry_row("areas", area_code="A", place_code="E07000120")])
    assert intake.undone_partitions(desk.landing, elsewhere) == set()
    synonym = registry_row("header_synonyms", kind="spend", agency_slug=COUNCIL, header="Paid to", field="payee_name")
    other = make_registry(header_synonyms=[synonym])
    assert intake.is_done(desk.home, other, receipt) is None
    assert intake.undone_partitions(desk.landing, other) == {f"{COUNCIL}|2024-25"}
    desk.take_in(FIVE + "06/06/2024,A,R6,1\n")
    desk.take_in(FIVE)  # the first content comes back: landed anew, so to be done anew until stored
    assert intake.is_done(desk.home, REGISTRY, receipt) is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        (FIVE, {"2024-25"}),
        (f"{COUNT_HEAD}{COUNCIL},2024-25,,outlay,09,5\n{COUNCIL},2023-24,,outlay,09,5\n", {"2023-24", "2024-25"}),
        ("<html>", {"unknown"}),
        (f"{HEAD}soon,A,R1,5.00\n", {"unknown"}),
    ],
)
def test_partitions_of_a_reading(text: str, years: set[str]) -> None:
    assert intake.partitions_of(read(text)) == {f"{COUNCIL}|{year}" for year in years}
