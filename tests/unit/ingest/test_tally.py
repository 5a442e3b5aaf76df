"""The second count: its own tokeniser, its own reading of numbers, and a word when it cannot count."""

from __future__ import annotations

import inspect
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from ingest import tally as tally_module
from ingest.rows import Segment
from ingest.tally import TallyFailed, take_tally
from tests.unit.ingest.readers.test_readers import saved, workbook_with

ALL = [Segment(None, 1, 1_000_000, (1,))]
SHEET = [Segment("Sheet", 1, 1_000_000, (0,))]


def text_total(content: bytes | str, encoding: str = "utf-8", delimiter: str = ",") -> tuple[int, Decimal]:
    raw = content.encode() if isinstance(content, str) else content
    tally = take_tally(raw, "text", ALL, encoding, delimiter)
    return tally.row_count, tally.total_gbp


@pytest.mark.parametrize(
    ("text", "rows", "total"),
    [
        ("a,1\nb,2\n", 2, "3.00"),
        ("a,1\r\n\r\nb,2", 3, "3.00"),
        ("a,1\rb,2\r", 2, "3.00"),
        ('"x\ny, ""z""",1\nb,"2,000.50"\n', 2, "2001.50"),
        ('12" pipe,1\nb,2\n', 2, "3.00"),
        ("a\nb,2,9\n", 2, "2.00"),
        ("", 0, "0.00"),
    ],
)
def test_rows_and_money_of_text(text: str, rows: int, total: str) -> None:
    assert text_total(text) == (rows, Decimal(total))


@pytest.mark.parametrize(
    ("cell", "total"),
    [
        *((cell, "1234.50") for cell in ("1234.5", "£1234.50", "GBP1234.50", "+1234.500", "1234.50DR", "1.2345e3")),
        *((cell, "-1234.50") for cell in ("-1234.5", "(1234.50)", "1234.50-", "-£1234.50", "1234.50 cr", "£(1234.50)")),
        *((cell, "0.00") for cell in ("(-5)", "-5-", "-5CR", "(5", "5)", "tba", "12/06", "1.2.3", "1e99", "9" * 17, "-")),
    ],
)
def test_money_of_a_cell(cell: str, total: str) -> None:
    assert text_total(f"a,{cell}\n") == (1, Decimal(total))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850", "utf-16"])
def test_pound_sign_in_every_encoding(encoding: str) -> None:
    assert text_total("café,£5.25\n".encode(encoding), encoding) == (1, Decimal("5.25"))


def test_only_segments_count_and_each_row_by_itself() -> None:
    segments = [Segment(None, 2, 3, (0,)), Segment(None, 5, 5, (1, 2), 1000)]
    tally = take_tally(b"1,1,1\n2,9,9\n3\n4,4,4\n5,6,7\n", "text", segments)
    assert tally.row_gbp == {(None, 2): Decimal("2.00"), (None, 3): Decimal("3.00"), (None, 5): Decimal("13000.00")}
    assert tally.row_counts == {None: 5}


def test_workbook_cells_of_every_type() -> None:
    cells = [
        '<c r="A1"><v>1.005</v></c>',
        '<c r="A2" t="str"><v>2,000.50</v></c>',
        '<c r="A3" t="inlineStr"><is><t>(3</t><t>.00)</t></is></c>',
        '<c r="A4" t="b"><v>1</v></c>',
        '<c r="A5" t="e"><v>#N/A</v></c>',
        '<c r="B6"><v>99</v></c>',
        '<c r="A7"><v>1e40</v></c>',
        '<c r="A8"><v>1e999</v></c>',
        '<c r="A10"><v>0.1</v></c>',
        '<c r="A12" t="str"><f>""</f><v></v></c>',
    ]
    rows = "".join(f'<row r="{n}">{cell}</row>' for n, cell in zip((*range(1, 9), 10, 12), cells, strict=True))
    tally = take_tally(workbook_with(rows), "xlsx", SHEET)
    assert {row: str(gbp) for (_, row), gbp in tally.row_gbp.items()} == {
        1: "1.00", 2: "2000.50", 3: "-3.00", 10: "0.10",
    }  # fmt: skip
    assert tally.row_counts == {"Sheet": 10}


def test_workbook_with_shared_strings_and_several_sheets() -> None:
    book = Workbook()
    book["Sheet"].append(["5.25"])
    book.create_sheet("Two").append([7])
    book["Two"].append([None, "x"])
    tally = take_tally(saved(book), "xlsx", [*SHEET, Segment("Two", 1, 9, (0,))])
    assert (tally.row_counts, tally.total_gbp) == ({"Sheet": 1, "Two": 2}, Decimal("12.25"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04", "xlsx"),
        (workbook_with("<row>"), "xlsx"),
        (workbook_with('<row r="x"/>'), "xlsx"),
        (workbook_with('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "xlsx"),
        (workbook_with('<row r="1"><c r="A1"><v>abc</v></c></row>'), "xlsx"),
        (b"\xd0\xcf\x11\xe0 torn", "xls"),
        (b"", "ods"),
        (b"PAR1 torn PAR1", "parquet"),
        (b'[{"a": 1}]]', "json"),
    ],
)
def test_what_cannot_be_counted_says_so(content: bytes, kind: str) -> None:
    with pytest.raises(TallyFailed):
        take_tally(content, kind, SHEET)


def test_tally_imports_nothing_of_the_parser() -> None:
    sources = [path.read_text() for path in Path(inspect.getfile(tally_module)).parent.glob("*.py")]
    imports = {line for source in sources for line in source.splitlines() if line.startswith(("from ingest", "import ingest"))}
    assert len(sources) > 6
    assert {line for line in imports if "ingest.tally" not in line} == {"from ingest.rows import Segment"}
