"""Reading a landed file: type, kind, the returns in it, and why it is held."""

from __future__ import annotations

import pytest

from ingest.kinds import KINDS
from tests.unit.ingest.intake_helpers import COUNCIL, make_registry, read, registry_row

HEAD = "Date,Supplier,Amount\n"
COUNT_HEAD = "agency_slug,financial_year,flow,amount_gbp\n"
ICB = "gloucestershire-and-somerset-icb"


def returns(content: str, **how: object) -> list[tuple[str | None, str | None, int]]:
    reading = read(content, **how)  # type: ignore[arg-type]
    return [(p.agency_slug, p.period.name if p.period else None, len(p.lines)) for p in reading.parts]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"{HEAD}03/06/2024,Acme,5\n", "spend"),
        (f"{COUNT_HEAD}{COUNCIL},2024-25,outlay,5\n", "count"),
        ("Amount Awarded,Recipient Org:Name\n5,Hall\n", "grants"),
        ("Net current expenditure (£ thousand)\nE-code,Local authority,Fees\nE1,Kent,5\n", "service_expenditure"),
    ],
)
def test_kind_is_told_by_the_content(content: str, kind: str) -> None:
    assert read(content).kind is KINDS[kind]


def test_sub_folders_kind_has_the_last_word() -> None:
    reading = read(f"{HEAD}03/06/2024,Acme,5\n", kind="benefits")
    assert (reading.kind, reading.is_held) == (KINDS["benefits"], True)
    assert reading.notes[-1].rule_id == "header_is_found"
    assert "no row names the columns of a benefits return" in reading.notes[-1].words


def test_nearest_header_is_proposed() -> None:
    reading = read("Title\nDate,Supplier,Cost of it\n03/06/2024,Acme,5\n")
    assert (reading.is_held, reading.notes[-1].rule_id) == (True, "header_is_found")
    words = reading.notes[-1].words
    assert "row 2 read as spend (confidence 0.14): amount_gbp from column C 'Cost of it'" in words
    assert words.endswith("add to registry/header_synonyms.csv: spend,tallwick-borough-council,Cost of it,amount_gbp,,")
    assert reading.mapping_confidence == 0.14


@pytest.mark.parametrize(
    ("content", "rule_id", "words"),
    [
        (b"<html>403", "file_is_a_table", "the file is a web page, not a table"),
        (b"%PDF-1", "file_is_a_table", "the file is a PDF"),
        (b"", "file_is_a_table", "the file is empty"),
        (b"a\x00\x01\x02b", "file_is_a_table", "neither text nor a workbook"),
        (b"{}", "file_is_readable", "one object without a list of grants"),
        (b'Date,Supplier,Amount\n1,"', "file_is_readable", "quotation mark"),
        (b"PK\x03\x04xl/workbook", "file_is_readable", "the workbook cannot be opened"),
        (b"hello\nworld\n", "kind_is_recognised", "no row names the columns"),
    ],
)
def test_file_that_is_no_return_is_held_with_words(content: bytes, rule_id: str, words: str) -> None:
    reading = read(content)
    assert (reading.is_held, reading.parts) == (True, [])
    assert reading.notes[-1].rule_id == rule_id
    assert words in reading.notes[-1].words


def test_decisions_are_recorded() -> None:
    notes = [(n.rule_id, n.words) for n in read(f"{HEAD}14/06/2024,Acme,5\n").notes]
    assert notes == [
        (
            "encoding_decided",
            "encoding utf-8: every byte is valid UTF-8; delimiter comma: 2 in 100% of the 1 lines looked at",
        ),
        (
            "header_mapped",
            "header on row 1: payment_date from 'Date', payee_name from 'Supplier', amount_gbp from 'Amount'",
        ),
        ("date_format_decided", "payment date: day first: 1 values can only be day first, 0 only month first"),
    ]


def test_count_is_split_by_agency_and_year() -> None:
    rows = "b,2024/25,outlay,1\na,2024-25,outlay,2\na,2023-24,income,3\na,2024-25,income,4\n"
    assert returns(COUNT_HEAD + rows) == [("a", "2023-24", 1), ("a", "2024-25", 2), ("b", "2024-25", 1)]


def test_lines_whose_year_cannot_be_read_are_one_return() -> None:
    rows = "a,24-25,outlay,1\na,,outlay,2\na,0000-01,outlay,3\na,2024-25,outlay,4\n"
    assert returns(COUNT_HEAD + rows) == [("a", "2024-25", 1), ("a", None, 3)]


def test_lines_without_agency_stand_in_the_publishers_own_return() -> None:
    rows = f",2024-25,outlay,1\n{COUNCIL},2024-25,outlay,2\n"
    assert returns(COUNT_HEAD + rows) == [(COUNCIL, "2024-25", 2)]
    assert returns(COUNT_HEAD + rows, publisher="nobody") == [(COUNCIL, "2024-25", 1), (None, "2024-25", 1)]


def test_publisher_for_many_is_split_by_agency() -> None:
    rows = "03/06/2024,Acme,5,NMT\n04/06/2024,Bolt,5,Tallwick Borough Council\n05/05/2024,Cobble,5,Elsewhere\n"
    found = returns(f"Date,Supplier,Amount,ICB\n{rows}", publisher=ICB)
    assert found == [("northmere-nhs-trust", "2024-06", 1), (COUNCIL, "2024-06", 1), (None, "2024-05", 1)]


def test_files_csv_gives_the_period() -> None:
    registry = make_registry(files=[registry_row("files", file=f"{COUNCIL}/lines.csv", period="2024-Q2")])
    assert returns(f"{HEAD}03/01/2024,Acme,5\n", registry=registry) == [(COUNCIL, "2024-Q2", 1)]


def test_late_postings_count_in_the_returns_year() -> None:
    part = read(f"{HEAD}28/03/2024,A,1\n03/04/2024,B,2\n04/04/2024,C,3\n01/06/2025,D,4\n05/04/2024,E,5\n").parts[0]
    assert list(part.lines["financial_year"]) == ["2024-25", "2024-25", "2024-25", "2025-26", "2024-25"]


@pytest.mark.parametrize(("sheet_rows", "name", "period"), [("", "outturn 2022-23.csv", "2022-23"), ("", "outturn.csv", None)])
def test_outturn_year(sheet_rows: str, name: str, period: str | None) -> None:
    text = "Net current expenditure (£ thousand)\nE-code,Local authority,Education services\nE2321,Lancashire,5\n"
    assert [(p.agency_slug, p.period.name if p.period else None) for p in read(text, name).parts] == [(None, period)]


def test_tally_that_fails_leaves_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest import reading as module
    from ingest.tally import TallyFailed

    def fail(*_: object) -> None:
        raise TallyFailed("counted out")

    monkeypatch.setattr(module, "take_tally", fail)
    reading = read(f"{HEAD}03/06/2024,Acme,5\n")
    assert (reading.tally, reading.tally_cause, reading.is_held) == (None, "counted out", False)
