"""Tables: every row is a line or excluded with its reason and its money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ingest.kinds import SPEND
from ingest.kinds.table import read_table
from ingest.readers.cells import Sheet
from ingest.rows import Extract, Segment
from tests.unit.ingest.intake_helpers import COUNCIL, REGISTRY

HEAD: list[object] = ["Date", "Supplier", "Reference", "Amount", "Narrative"]
LINE: list[object] = ["03/06/2024", "Acme Ltd", "R1", "100.00", "paint"]


def table(*rows: list[object]) -> Extract:
    return read_table([Sheet(None, list(rows))], SPEND, REGISTRY.synonyms("spend", COUNCIL))


def fates(extract: Extract) -> list[str]:
    assert [row.row_number for row in sorted(extract.rows, key=lambda r: r.row_number)] == list(range(1, len(extract.rows) + 1))
    return [row.reason or "line" for row in sorted(extract.rows, key=lambda r: r.row_number)]


@pytest.mark.parametrize(
    ("row", "fate", "excluded_gbp"),
    [
        (["", "Grand Total", "", "100.00"], "total", "100.00"),
        (["Totals", "", "", "99.00"], "total", "99.00"),  # its word stands in the date's column
        (["Total for June", "350 lines", "", "99.00"], "total", "99.00"),
        (["Total", "", "R9", "99.00"], "line", None),
        (["soon", "Acme Ltd", "", "99.00"], "line", None),
        (["", "", "", "100.00"], "total", "100.00"),  # a bare running sum
        (["", "", "", "99.00"], "line", None),  # a bare amount that is no running sum
        (["", "TOTAL GAS & POWER", "R9", "100.00"], "line", None),  # a reference of its own
        (["04/06/2024", "TOTAL GAS & POWER", "", "100.00"], "line", None),  # a date of its own
        (["", "Sub-total", "", "(100.00)", "parks"], "total", "-100.00"),
        (["", "Totality Theatre", "", "5.00"], "line", None),
        (["", "", "", "", ""], "blank", "0.00"),
        ([], "blank", "0.00"),
        ([" ", "\t"], "blank", "0.00"),
        (["", "", "", "", "unaudited"], "note", "0.00"),
        (["Figures leave out salaries"], "note", "0.00"),
        (["04/06/2024", "Bolt & Co", "R2", ""], "line", None),
        (["04/06/2024", "Bolt & Co", "R2", "tba"], "line", None),
        (HEAD, "repeated_header", "0.00"),
    ],
)
def test_fate_of_a_row_below_the_header(row: list[object], fate: str | None, excluded_gbp: str | None) -> None:
    extract = table(HEAD, LINE, row)
    assert fates(extract) == ["header", "line", fate or "line"]
    if excluded_gbp:
        assert next(r.excluded_gbp for r in extract.rows if r.row_number == 3) == Decimal(excluded_gbp)


def test_second_header_moves_the_amount_and_begins_a_segment() -> None:
    extract = table(HEAD, LINE, [], ["Date", "Supplier", "Amount"], ["04/06/2024", "Bolt & Co", "7.00"])
    assert extract.segments == [Segment(None, 2, 3, (3,)), Segment(None, 5, 5, (2,))]
    assert [(line.row_number, line.amount_column, line.cells["amount_gbp"]) for line in extract.lines] == [
        (2, 3, "100.00"),
        (5, 2, "7.00"),
    ]


def test_running_sum_starts_again_below_a_second_header() -> None:
    extract = table(HEAD, LINE, HEAD, LINE, ["", "", "", "100.00"])
    assert fates(extract) == ["header", "line", "repeated_header", "line", "total"]


def test_header_on_the_last_line_reads_what_stands_above() -> None:
    extract = table(["Tallwick"], [], LINE, ["", "", "R2", "7.00"], ["", "Total", "", "107.00"], [], HEAD)
    assert fates(extract) == ["title", "blank", "line", "line", "total", "blank", "header"]
    assert extract.segments == [Segment(None, 1, 6, (3,))]
    assert any("below 1 rows of data" in words for _, words, _ in extract.notes)


def test_title_lines_with_money_are_not_counted() -> None:
    extract = table(["", "", "", "107.00"], HEAD, LINE)
    assert fates(extract) == ["title", "header", "line"]
    assert extract.segments == [Segment(None, 3, 3, (3,))]
    assert sum(row.excluded_gbp for row in extract.rows) == 0


def test_money_beside_a_blank_amount_is_stray() -> None:
    extract = table(HEAD, ["04/06/2024", "Bolt & Co", "R2", "", "£250.50"], ["", "", "", "", 12.5], ["", "", "", "5", "9.99"])
    assert [line.stray_gbp for line in extract.lines] == [Decimal("250.50"), Decimal("12.50"), None]


def test_reference_is_no_stray_money() -> None:
    assert table(HEAD, ["04/06/2024", "Bolt & Co", "250.50", ""]).lines[0].stray_gbp is None


def test_rows_that_are_equal_share_a_mark_and_others_do_not() -> None:
    marks = [line.row_mark for line in table(HEAD, LINE, LINE, [*LINE, "2"]).lines]
    assert marks[0] == marks[1] != marks[2]


def test_sheet_without_header_is_told_and_a_blank_one_is_not() -> None:
    sheets = [Sheet("Cover", [["Tallwick"], []]), Sheet("Empty", [[], [""]]), Sheet("Data", [HEAD, LINE])]
    extract = read_table(sheets, SPEND, REGISTRY.synonyms("spend", COUNCIL))
    assert extract.sheets_without_header == ["Cover"]
    assert [(row.sheet_name, row.reason) for row in extract.rows] == [
        ("Cover", "no_header"), ("Cover", "blank"), ("Empty", "blank"), ("Empty", "blank"),
        ("Data", "header"), ("Data", ""),
    ]  # fmt: skip


def test_hidden_sheet_is_excluded_and_noted() -> None:
    extract = read_table([Sheet("Workings", [HEAD, LINE], is_hidden=True)], SPEND, REGISTRY.synonyms("spend", COUNCIL))
    assert ([row.reason for row in extract.rows], extract.lines) == (["hidden_sheet"] * 2, [])
    assert extract.notes == [("hidden_sheet_reported", "hidden sheet 'Workings' with 2 rows is not read", "Workings")]


def test_mapping_is_told_with_what_it_leaves_out() -> None:
    words = table([*HEAD, "Colour"], LINE).notes[0][1]
    assert words.startswith("header on row 1: payment_date from 'Date', payee_name from 'Supplier'")
    assert words.endswith("; not used: 'Colour'")


def test_section_subtotals_are_left_out_and_lines_like_them_are_not() -> None:
    rows: list[list[object]] = [
        ["03/06/2024", "Acme Ltd", "R1", "100.00"], ["04/06/2024", "Bolt & Co", "R2", "50.00"], ["", "", "", "150.00", "parks"],
        ["05/06/2024", "Cobble Ltd", "R3", "7.00"], ["06/06/2024", "Dray Ltd", "R4", "3.00"], ["", "", "", "10.00", "roads"],
        ["", "", "", "10.00", "fees"],
    ]  # fmt: skip
    assert fates(table(HEAD, *rows)) == ["header", "line", "line", "total", "line", "line", "total", "line"]


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "", "100.00", "parks"],  # one line before it: it may be a second payment
        ["", "", "R9", "150.00", "parks"],  # a reference of its own
        ["", "Elm Ltd", "", "150.00", "parks"],  # a payee of its own
        ["", "", "", "149.99", "parks"],
    ],
)
def test_a_line_is_no_subtotal(row: list[object]) -> None:
    before = [LINE] if row[3] == "100.00" else [LINE, ["04/06/2024", "Bolt & Co", "R2", "50.00"]]
    assert fates(table(HEAD, *before, row))[-1] == "line"


def test_changed_header_below_is_learned_by_likeness() -> None:
    below: list[list[object]] = [["Date", "Amt (£)", "Suplier Name", "Reference"], ["05/06/2024", "30.00", "Cobble Ltd", "R3"]]
    extract = table(HEAD, LINE, *below)
    assert fates(extract) == ["header", "line", "repeated_header", "line"]
    assert extract.segments == [Segment(None, 2, 2, (3,)), Segment(None, 4, 4, (1,))]
    assert [proposal.is_accepted for proposal in extract.scored] == [True]


def test_changed_header_below_that_nobody_knows_is_kept_to_hold_the_file() -> None:
    below: list[list[object]] = [["Date", "Supplier", "Worth", "Tax"], ["05/06/2024", "Cobble Ltd", "30.00", "6.00"]]
    extract = table(HEAD, LINE, *below)
    assert [(proposal.header_index, proposal.is_accepted) for proposal in extract.scored] == [(2, False)]


def test_line_of_words_is_no_header() -> None:
    assert table(HEAD, LINE, ["soon", "Supplier Ltd", "tba", "see note", "Narrative follows"]).scored == []
