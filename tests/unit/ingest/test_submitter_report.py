"""The submitter's report: grouping, where, escaping, the page, the complete list, and the real reading of 3,000 bad rows."""

from __future__ import annotations

import csv
import html
import io
import re
import time
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ingest.findings import Finding
from ingest.submitter_report import Submission, group_findings, neutral, report_lines, verdict, visible, write_csv, write_html
from ingest.submitter_report.groups import SAMPLES, WORDINGS
from ingest.submitter_report.page import page
from ingest.submitter_report.submission import ReturnOutcome, balance
from ingest.submitter_report.where import Place, place_in_words, places_in_words, row_ranges
from ingest.submitter_report.words import left_out_in_words, money
from orchestration.reporting import all_findings, submission_of
from tests.bank.write_words import BANK, every_file
from tests.unit.ingest.intake_helpers import REGISTRY, check

FINDING = Finding(
    "amount_parses", "blocking", "submitter", "The amount tba could not be read.", fault="The amount could not be read."
)
CELL = FINDING.at(sheet_name="June", row_number=7, cell_ref="D7", value="tba", amount_gbp=Decimal("5.00"))
INFO = Finding("encoding_decided", "info", "data_team", "encoding utf-8: <b>every byte</b>")
AT = datetime(2026, 1, 5, 9, 30)
OUTCOME = ReturnOutcome("a.spend.2024-06", "Tallwick", "spend", "2024-06", False, 10, 2, Decimal("100.00"), Decimal("5.00"))
SUBMISSION = Submission(
    "june.csv", "Tallwick", "spend", "ab" * 32, AT, False, True, (OUTCOME,), 13, 10, 2, 1,
    Decimal("105.00"), Decimal("100.00"), Decimal("5.00"), Decimal("0.00"), (("header", 1),),
)  # fmt: skip
HELD = replace(OUTCOME, is_held=True, accepted_count=0, held_count=12)


@pytest.mark.parametrize(
    ("numbers", "runs"),
    [([], ()), ([5], ((5, 5),)), ([3, 1, 2, 2, 7], ((1, 3), (7, 7))), ([2, 1], ((1, 2),))],
)
def test_row_ranges(numbers: list[int], runs: tuple[tuple[int, int], ...]) -> None:
    assert row_ranges(numbers) == runs


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("April", "", ((12, 48), (60, 60), (71, 73))), "rows 12-48, 60, 71-73 of sheet 'April'"),
        (Place(None, "D", ((12, 48), (60, 60))), "rows 12-48, 60 (cells D12:D48, D60)"),
        (Place(None, "AA", ((3, 3),)), "row 3 (cell AA3)"),
        (Place(None, "", tuple((n, n) for n in range(1, 40, 2))), "rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 8 more"),
    ],
)
def test_places_in_words(place: Place, words: str) -> None:
    assert place_in_words(place) == words


def test_a_workbook_of_many_sheets_does_not_list_them_all() -> None:
    words = places_in_words([Place(f"S{n}", "", ((1, 2),)) for n in range(12)])
    assert words.endswith("rows 1-2 of sheet 'S7'; and 8 more rows of other sheets or columns")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("@SUM(A1)", "'@SUM(A1)"), ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("\n=1", "'\n=1"), ("\uff1d1", "'\uff1d1"), ("-1,234.50", "-1,234.50"), ("+7", "+7"),
        (Decimal("-5.00"), "-5.00"), ("Acme = Bolt", "Acme = Bolt"), (None, ""), (7, "7"), ("-", "'-"),
    ],
)  # fmt: skip
def test_neutral(value: object, text: str) -> None:
    assert neutral(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Café & Söhne £5", "Café & Söhne £5"), ("12\u202e00.1", "12\u2039U+202E\u203a00.1"),
        ("a\x1b[2Jb", "a\u2039U+001B\u203a[2Jb"),
        ("a\r\nb\tc", "a\u21b5b\u21e5c"), ("no\u00a0break", "no\u00a0break"), ("soft\u00adhyphen", "soft\u2039U+00AD\u203ahyphen"),
        ("a\u2028b", "a\u2039U+2028\u203ab"), ("\u05d0\u05d1", "\u05d0\u05d1"), (None, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_written_out(value: object, text: str) -> None:
    assert visible(value) == text


def test_one_fault_is_one_group_whatever_the_values() -> None:
    findings = [
        CELL.at(row_number=n, cell_ref=f"D{n}", value=f"v{n}", message=f"The amount v{n} could not be read.") for n in range(1, 41)
    ]
    (group,) = group_findings(findings).groups
    assert (group.count, group.row_count, group.words) == (40, 40, "The amount could not be read.")
    assert group.places == (Place("June", "D", ((1, 40),)),)
    assert (group.amount_gbp, len(group.samples)) == (Decimal("200.00"), SAMPLES)


def test_a_group_of_one_value_says_the_value() -> None:
    (group,) = group_findings([CELL, CELL.at(row_number=9, cell_ref="D9")]).groups
    assert group.words == "The amount tba could not be read."


def test_samples_show_different_values_first() -> None:
    values = ["tba"] * 50 + ["tbc", "n/a"]
    findings = [CELL.at(row_number=n, value=value) for n, value in enumerate(values, start=1)]
    (group,) = group_findings(findings).groups
    assert [f.value for f in group.samples] == ["tba", "tba", "tba", "tbc", "n/a"]


def test_blocking_first_then_the_whole_then_money() -> None:
    small = CELL.at(rule_id="small", amount_gbp=Decimal("1.00"))
    credit = CELL.at(rule_id="credit", amount_gbp=Decimal("-900.00"))
    whole = FINDING.at(rule_id="whole")
    warning = CELL.at(rule_id="warning", severity="warning", amount_gbp=Decimal("9999.00"))
    unable = FINDING.at(rule_id="unable", outcome="could_not_run")
    groups = group_findings([INFO, warning, small, unable, CELL, whole, credit]).groups
    assert [g.rule_id for g in groups] == [
        "whole", "unable", "credit", "amount_parses", "small", "warning", "encoding_decided",
    ]  # fmt: skip
    assert [g.number for g in groups] == [1, 2, 3, 4, 5, 6, 7]


def test_a_rule_in_endless_wordings_cannot_make_the_page_long(tmp_path: Path) -> None:
    findings = [CELL.at(row_number=n, fault="", message=f"row {n} is wrong in its own way") for n in range(1, 1001)]
    grouping = group_findings(findings)
    assert len(grouping.groups) == WORDINGS + 1
    assert sum(g.count for g in grouping.groups) == 1000
    assert grouping.numbers[999] == grouping.numbers[500]
    write_csv(findings, tmp_path / "f.csv", grouping)
    assert len(_rows(tmp_path / "f.csv")) == 1000


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_csv_is_complete_neutral_and_numbered_as_the_page(tmp_path: Path) -> None:
    findings = [INFO, *(CELL.at(row_number=n, value="=HYPERLINK(1)") for n in range(1, 1001))]
    write_csv(findings, tmp_path / "f.csv")
    rows = _rows(tmp_path / "f.csv")
    assert (len(rows), rows[999]["row_number"], rows[0]["value"]) == (1001, "1000", "'=HYPERLINK(1)")
    assert (rows[0]["amount_gbp"], rows[0]["owner"], rows[0]["sheet_name"], rows[0]["group"]) == ("5.00", "submitter", "June", "1")
    assert (rows[1000]["rule_id"], rows[1000]["group"]) == ("encoding_decided", "2")
    assert rows[0]["finding_id"] == findings[1].finding_id


class _Strict(HTMLParser):
    """Collects tags, and fails on one that is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> _Strict:
    parser = _Strict()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser


def test_page_is_one_file_that_needs_nothing_and_runs_nothing() -> None:
    evil = "<script>alert(1)</script>\u202e' onload='x"
    findings = [CELL.at(value=evil, message=f"The amount {evil} could not be read.", sheet_name=evil), INFO]
    text = page(replace(SUBMISSION, file_name=evil), group_findings(findings).groups, "f.csv")
    parser = parsed(text)
    assert "script" not in parser.seen and "img" not in parser.seen and "link" not in parser.seen
    assert parser.links == ["f.csv"]
    assert "\u202e" not in text and "\u2039U+202E\u203a" in text
    assert "http" not in re.sub(r"http-equiv", "", text) and "url(" not in text and "@import" not in text
    assert "&lt;b&gt;every byte&lt;/b&gt;" in text


def test_page_has_what_a_reader_needs() -> None:
    text = page(SUBMISSION, group_findings([CELL, INFO]).groups)
    parser = parsed(text)
    assert {"h1", "h2", "h3", "caption", "details", "summary", "main"} <= set(parser.seen)
    assert "lang='en-GB'" in text and "name='viewport'" in text and "@media print" in text and "max-width:600px" in text
    heads = re.findall(r"<th[ >][^>]*>?", text)
    assert heads and all("scope=" in head for head in heads)
    for words in ("Held: not counted until put right", "You, who sent the file", "row 7 of sheet", "(cell D7)", "£5.00",
                  "This return was accepted, except that 2 rows worth £5.00 are held.", "1 row of column headers",
                  "5 January 2026 at 09:30", "abababababab", "Nothing is lost."):  # fmt: skip
        assert words in text, words
    assert "Nothing was found" in page(SUBMISSION, group_findings([INFO]).groups)


@pytest.mark.parametrize(
    ("submission", "tone", "words"),
    [
        (replace(SUBMISSION, returns=(replace(OUTCOME, held_count=0),)), "accepted", "This return was accepted."),
        (SUBMISSION, "part", "This return was accepted, except that 2 rows worth £5.00 are held."),
        (replace(SUBMISSION, is_dry_run=True), "part",
         "This return would be accepted, except that 2 rows worth £5.00 would be held."),
        (replace(SUBMISSION, returns=(HELD,)), "held", "This return is held whole, because: The amount tba could not be read."),
        (replace(SUBMISSION, is_read=False, returns=()), "held",
         "This return is held whole, because: The amount tba could not be read."),
        (replace(SUBMISSION, returns=(HELD, HELD), is_dry_run=True), "held",
         "All 2 returns of this file would be held whole, because: The amount tba could not be read."),
        (replace(SUBMISSION, returns=(replace(OUTCOME, held_count=1), HELD)), "part",
         "1 of the 2 returns in this file were accepted, except that 1 row worth £5.00 is held. 1 is held whole (£5.00)."),
    ],
)  # fmt: skip
def test_verdict(submission: Submission, tone: str, words: str) -> None:
    said = verdict(submission, group_findings([FINDING]).groups)
    assert (said.tone, said.words) == (tone, words)
    assert ("last good one" in said.then) == ("held whole" in words)


def test_held_rows_whose_money_is_not_known_are_not_worth_nothing() -> None:
    nothing = replace(SUBMISSION, returns=(replace(OUTCOME, held_gbp=Decimal("0.00")),))
    groups = group_findings([CELL.at(amount_gbp=None)]).groups
    assert "2 rows with amounts that cannot be read are held" in verdict(nothing, groups).words
    assert "2 rows worth £5.00, and amounts that cannot be read, are held" in verdict(SUBMISSION, groups).words


@pytest.mark.parametrize(
    ("changes", "is_right"),
    [({}, True), ({"file_gbp": Decimal("105.01")}, False), ({"row_count": 14}, False), ({"file_gbp": None}, None),
     ({"is_read": False}, None)],
)  # fmt: skip
def test_balance_says_whether_the_parts_are_the_file(changes: dict[str, object], is_right: bool | None) -> None:
    said, words = balance(replace(SUBMISSION, **changes))  # type: ignore[arg-type]
    assert said is is_right
    assert words.endswith(".")


def test_left_out_in_words() -> None:
    reasons = [("header", 1), ("total", 2), ("blank", 1), ("repeated_header", 2), ("hidden_sheet", 9)]
    assert left_out_in_words(reasons) == (
        "1 row of column headers, 2 totals, 1 blank row, 2 repeated rows of column headers, 9 rows of a hidden sheet"
    )


def test_terminal_cannot_be_driven_by_a_file() -> None:
    groups = group_findings([CELL.at(message="The amount \x1b[2J\x07 could not be read.")]).groups
    assert not [line for line in report_lines(SUBMISSION, groups) if not line.isprintable()]


def test_three_thousand_bad_rows_are_3000_in_the_csv_and_one_group_in_the_page(tmp_path: Path) -> None:
    """Through the real reading: every row has another bad date."""
    rows = "".join(f"{n % 28 + 1:02d}/06/2024,Supplier {n},R{n},pound {n}\n" for n in range(1, 3001))
    checked = check("Date,Supplier,Reference,Amount\n03/06/2024,Good Ltd,R0,1.00\n" + rows, "june 2024.csv")
    findings = [finding for finding in all_findings(checked) if finding.rule_id == "amount_parses"]
    grouping = group_findings(all_findings(checked))
    write_csv(all_findings(checked), tmp_path / "f.csv", grouping)
    listed = [row for row in _rows(tmp_path / "f.csv") if row["rule_id"] == "amount_parses"]
    assert len(findings) == len(listed) == len({row["value"] for row in listed}) == 3000
    (group,) = [group for group in grouping.groups if group.rule_id == "amount_parses"]
    assert (group.count, group.row_count) == (3000, 3000)
    assert {row["group"] for row in listed} == {str(group.number)}
    write_html(submission_of(checked, REGISTRY, AT, is_dry_run=True), grouping.groups, tmp_path / "f.html", "f.csv")
    text = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert text.count("could not be read as money") == 1
    assert "3,000 rows" in text and "rows 3-3002 (cells D3:D3002)" in text
    assert len(text) < 30_000
    parsed(text)


def test_a_hundred_thousand_findings_are_quick(tmp_path: Path) -> None:
    findings = [CELL.at(row_number=n, cell_ref=f"D{n}", value=f"v{n}", message=f"The amount v{n} could not be read.")
                for n in range(1, 200_001, 2)]  # fmt: skip
    started = time.process_time()
    grouping = group_findings(findings)
    write_csv(findings, tmp_path / "f.csv", grouping)
    write_html(SUBMISSION, grouping.groups, tmp_path / "f.html")
    assert time.process_time() - started < 6  # about 1.5 s on one idle core of a small machine
    assert (tmp_path / "f.html").stat().st_size < 30_000
    with (tmp_path / "f.csv").open(encoding="utf-8-sig") as handle:
        assert sum(1 for _ in handle) == 100_001


@pytest.mark.parametrize(("name", "publisher"), every_file())
def test_every_file_of_the_bank_has_a_report(name: str, publisher: str) -> None:
    """It is well formed, says the verdict, and has the words of every finding that is not a mere decision."""
    checked = check((BANK / name).read_bytes(), name, publisher)
    groups = group_findings(all_findings(checked)).groups
    text = page(submission_of(checked, REGISTRY, AT, is_dry_run=False), groups)
    parsed(text)
    shown = re.sub(r"\s+", " ", text)
    for group in groups:
        first = visible(group.words).split(". ")[0]
        assert re.sub(r"\s+", " ", html.escape(first)) in shown
    said = verdict(submission_of(checked, REGISTRY, AT, is_dry_run=False), groups)
    assert f"class='verdict {said.tone}'" in text


def test_findings_name_their_cell() -> None:
    text = "Supplier,Date,Amount\n,01/06/2024,1.00\nA Ltd,31/02/2024,2.00\nB Ltd,02/06/2024,tba\n"
    found = {f.rule_id: f.cell_ref for f in all_findings(check(text, "june 2024.csv")) if f.row_number}
    assert found == {"payee_is_not_blank": "A2", "payment_date_parses": "B3", "amount_parses": "C4"}


def test_in_a_file_of_several_returns_it_is_said_which_one() -> None:
    second = replace(HELD, return_id="b.count.2024-25", agency_name="Northmere", period="")
    submission = replace(SUBMISSION, returns=(OUTCOME, second))
    whole = FINDING.at(return_id="b.count.2024-25", rule_id="period_is_known")
    text = page(submission, group_findings([whole]).groups)
    assert "the return of Northmere, period not known" in text
    assert "the return of" not in page(SUBMISSION, group_findings([whole]).groups)


def test_credits_are_shown_apart() -> None:
    (group,) = group_findings([CELL, CELL.at(row_number=8, amount_gbp=Decimal("-7.00"))]).groups
    assert money(group) == "\u2212£2.00 (payments £5.00, credits \u2212£7.00)"


def test_the_list_is_written_as_a_writer_of_tables_writes_it(tmp_path: Path) -> None:
    values = ["a,b", 'the "Inn"', "two\nlines", "\r", "=1+1", "-5", "", None, "£5", "x" * 2000, "\u202e"]
    findings = [
        CELL.at(value=value, message=f"odd: {value}", sheet_name=value, amount_gbp=None if value is None else Decimal("-0.00"))
        for value in values
    ]
    write_csv(findings, tmp_path / "ours.csv")
    written = (tmp_path / "ours.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written, newline="")))
    again = io.StringIO(newline="")
    csv.writer(again).writerows(rows)
    assert again.getvalue() == written
    assert [row[8] for row in rows[1:4]] == ["a,b", 'the "Inn"', "two↵lines"]
