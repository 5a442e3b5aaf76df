"""Files to rows: what counts as a row, and what cannot be read."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from ingest.limits import LimitBreached, Limits
from ingest.readers import UnreadableFile, read_delimited, read_workbook
from ingest.readers.cells import cell_reference, column_letter, is_blank


def workbook_with(sheet_data: str) -> bytes:
    """A workbook whose only sheet has the XML rows given: what openpyxl would never write."""
    plain, out = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{space}"><sheetData>{sheet_data}</sheetData></worksheet>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else source.read(name))
    return out.getvalue()


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letter(index: int, letter: str) -> None:
    assert column_letter(index) == letter
    assert cell_reference(index, 12) == f"{letter}12"


def test_blank_is_white_space_and_not_nought() -> None:
    assert [is_blank(cell) for cell in (None, "", " \t", "\u00a0", 0, 0.0, False, "x")] == [True] * 4 + [False] * 4


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
        ("a\r\nb\nc\rd", [["a"], ["b"], ["c"], ["d"]]),
        ("a\n\n\nb\n", [["a"], [], [], ["b"]]),
        ('"a\nb","c ""d"""\n1,2', [["a\nb", 'c "d"'], ["1", "2"]]),
        ('12" pipe,"x"y\n1,2', [['12" pipe', "xy"], ["1", "2"]]),
        ("a,b\n1\n1,2,3\n", [["a", "b"], ["1"], ["1", "2", "3"]]),
        ("", []),
    ],
)
def test_delimited_rows(text: str, rows: list[list[str]]) -> None:
    (sheet,) = read_delimited(text, ",")
    assert (sheet.name, sheet.rows, sheet.is_hidden, sheet.row_count) == (None, rows, False, len(rows))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,"2\n3,4\n', 2),
        ('a,b\n1,2\n3,"', 3),
        ('"', 1),
        ('a,b\n"x\ny",1\n1,"2\n3,"4"\n', 4),  # the quote of line 4 is closed by that of line 5, in the middle of a cell
    ],
)
def test_quote_that_swallows_lines_is_refused_where_it_was_opened(text: str, line: int) -> None:
    with pytest.raises(UnreadableFile, match=rf"the record on line {line} cannot be read .*quotation mark"):
        read_delimited(text, ",")


def test_workbook_sheets_cells_and_hidden_ones() -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    first = book.create_sheet("One")
    first["B2"] = 1.5
    first["C3"] = datetime(2024, 6, 3)
    hidden = book.create_sheet("Two")
    hidden["A1"] = "x"
    hidden.sheet_state = "veryHidden"
    book.create_sheet("Three")
    one, two, three = read_workbook(saved(book))
    assert one.rows[:2] == [["", "", ""], ["", 1.5, ""]]
    assert (one.name, one.row_count, one.is_hidden) == ("One", 3, False)
    assert (two.name, two.rows, two.is_hidden) == ("Two", [["x"]], True)
    assert (three.name, three.rows) == ("Three", [])


def test_rows_of_formulas_that_give_nothing_are_not_rows() -> None:
    blank = '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c></row><row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>'
    (sheet,) = read_workbook(workbook_with(f'<row r="1"><c r="A1"><v>5</v></c></row>{blank}'))
    assert sheet.rows == [[5.0]]


@pytest.mark.parametrize("far", ["XFD1048576", "AAAAAAA7", "A99999999999"])
def test_cell_far_out_is_refused_before_it_fills_the_memory(far: str) -> None:
    row = "".join(character for character in far if character.isdigit())
    content = workbook_with(f'<row r="1"><c r="B1"><v>5</v></c></row><row r="{row}"><c r="{far}"><v>5</v></c></row>')
    with pytest.raises(LimitBreached, match=r"xl/worksheets/sheet1.xml .*limit cell_count.*delete what stands far below"):
        read_workbook(content)


def test_sheet_that_unpacks_beyond_the_limit_is_refused() -> None:
    content = workbook_with('<row r="1"><c r="A1"><v>5</v></c></row>')
    assert read_workbook(content)[0].rows == [[5.0]]
    with pytest.raises(LimitBreached, match="bytes when unpacked, and the limit is 100 "):
        read_workbook(content, Limits(unpacked_bytes=100))


def test_stray_cell_in_the_last_row_of_a_narrow_sheet_is_read() -> None:
    content = workbook_with('<row r="1"><c r="A1"><v>5</v></c></row><row r="70000"><c r="B70000"><v>7</v></c></row>')
    assert read_workbook(content)[0].rows[-1] == ["", 7.0]


def test_cells_that_only_have_a_style_are_not_counted() -> None:
    styled = '<row r="1"><c r="A1"><v>5</v></c><c r="XFD1" s="0"/></row><row r="1048576" ht="9"><c r="A1048576" s="0"/></row>'
    assert read_workbook(workbook_with(styled))[0].rows == [[5.0]]


def test_row_whose_cells_have_no_address_is_counted() -> None:
    rows = '<row r="1"><c r="XFD1"><v>5</v></c></row><row r="1048576"><c><v>7</v></c></row>'
    with pytest.raises(LimitBreached, match="limit cell_count"):
        read_workbook(workbook_with(rows))


TORN = [b"", b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, workbook_with("")[:900]]


@pytest.mark.parametrize("content", TORN)
def test_what_is_no_workbook_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="workbook"):
        read_workbook(content)
