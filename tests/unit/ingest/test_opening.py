"""Opening: what each format gives, what is refused with which words, and limits met before the memory is filled."""

# ruff: noqa: E501  documents are written in one piece
from __future__ import annotations

import datetime
import io
import json
import zipfile
from dataclasses import fields
from decimal import Decimal

import pyarrow as pa
import pytest

from ingest.limits import LimitBreached, Limits
from ingest.opening import CannotOpen, open_file
from ingest.readers import UnreadableFile, read_delimited, read_json, read_parquet, read_workbook
from ingest.rows import Segment
from ingest.tally import TallyFailed, take_tally
from orchestration.limit_settings import LIMIT_PREFIX, limits_from_environment
from tests.fuzz.documents import ods, ods_row, ods_table, parquet, xlsx, xlsx_rows, zipped
from tests.unit.ingest.intake_helpers import read

SMALL = Limits(cell_count=1000, row_count=50, column_count=20, cell_characters=500, unpacked_bytes=20_000, sheet_count=3)
WIDE = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{}"><text:p>1</text:p></table:table-cell>'
ONE = ods_row([1])


def sheet(*rows: str) -> bytes:
    return ods(f'<table:table table:name="S">{"".join(rows)}</table:table>')


def row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


BLANK = "<table:table-cell/>"


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (sheet(ONE, row(BLANK, 2), ONE, row(BLANK, 1_000_000)), [[1.0], [""], [""], [1.0]]),
        (sheet(row(BLANK, 2), ONE), [[""], [""], [1.0]]),
        (sheet(row(WIDE.format(3), 2), ONE), [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, "", ""]]),
        (sheet(row('<table:table-cell table:number-columns-repeated="2"/>' + WIDE.format(1))), [["", "", 1.0]]),
        (sheet(ONE, *[ONE] * 30), [[1.0]] * 31),
    ],
)
def test_rows_of_ods_and_its_count(content: bytes, rows: list[list[object]]) -> None:
    (read_sheet,) = read_workbook(content, SMALL)
    assert read_sheet.rows == rows
    tally = take_tally(content, "ods", [Segment("S", 1, 99, (0, 1, 2))])
    total = sum(cell for cells in rows for cell in cells if isinstance(cell, float))
    assert (tally.row_counts, tally.total_gbp) == ({"S": len(rows)}, Decimal(str(total)))


@pytest.mark.parametrize(
    "rows",
    [
        [row(WIDE.format(1), 99_999_999)],
        [row(WIDE.format(2_000_000_000))],
        [ONE, row(BLANK, 99_999_999), ONE],
        [row('<table:table-cell table:number-columns-repeated="90000"/>' + WIDE.format(1))],
        [row(WIDE.format(300)), *[ONE] * 300],
        [row("".join([WIDE.format(1)] * 300)), *[ONE] * 300],
        [row(WIDE.format(1).replace("<table:table-cell", '<table:table-cell x=">" table:number-columns-repeated="9999"'))],
        [row('<table:table-cell office:value-type="float" office:value="3" table:number-columns-repeated="99999"/>')],
    ],
)
def test_repeats_in_ods_are_met_before_they_are_written_out(rows: list[str]) -> None:
    with pytest.raises((LimitBreached, UnreadableFile)):
        read_workbook(sheet(*rows), Limits(cell_count=1000))


def test_repeat_that_is_no_number_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="repeated '&#57;99' times"):
        read_workbook(sheet(row(WIDE.format("&#57;99"))))


def test_long_text_repeated_by_reference_is_met_before_it_is_copied() -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 41))
    assert len(read_workbook(xlsx(cells, ["x" * 200]))[0].rows) == 40
    with pytest.raises(LimitBreached, match=r"the text of all cells: at least 8[0-9],[0-9]+ bytes"):
        read_workbook(xlsx(cells, ["x" * 2000]), Limits(unpacked_bytes=50_000, cell_characters=5_000))
    repeated = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="900"><text:p>'
        + "x" * 400
        + "</text:p></table:table-cell>"
    )
    with pytest.raises(LimitBreached, match="the text of all cells"):
        read_workbook(sheet(row(repeated)), Limits(unpacked_bytes=100_000))


_EVIL = '<!DOCTYPE a [<!ENTITY b "c">]>'


@pytest.mark.parametrize(
    ("content", "kind"), [(xlsx(xlsx_rows([[1]]), prolog=_EVIL), "xlsx"), (ods(ods_table([[1]]), prolog=_EVIL), "ods")]
)
def test_document_type_is_refused_by_reader_and_count(content: bytes, kind: str) -> None:
    with pytest.raises(UnreadableFile, match="declares a document type"):
        read_workbook(content)
    with pytest.raises(TallyFailed, match="declares a document type"):
        take_tally(content, kind, [])


@pytest.mark.parametrize(
    ("text", "name"),
    [("a,b\n" + "1,2\n" * 60, "row_count"), ("a" + "," * 30, "column_count"), ("x" * 600, "cell_characters"),
     ((",".join("x" * 20) + "\n") * 51, "cell_count")],
)  # fmt: skip
def test_limits_of_text_say_which_what_and_what_to_do(text: str, name: str) -> None:
    with pytest.raises(
        LimitBreached, match=rf"line \d+: at least [\d,]+ .*limit {name}\); publish the table in several files"
    ) as caught:
        read_delimited(text, ",", SMALL)
    assert caught.value.name == name


def test_breached_limit_is_a_finding_of_its_rule() -> None:
    with pytest.raises(CannotOpen) as caught:
        open_file(b"a,b\n" * 99, SMALL)
    assert (caught.value.rule_id, caught.value.value) == ("file_is_within_limits", "row_count")
    with pytest.raises(CannotOpen, match="bytes, and the limit is 10"):
        open_file(b"a,b\n" * 99, Limits(file_bytes=10))


def test_limits_come_from_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, field in enumerate(fields(Limits), start=1):
        monkeypatch.setenv(LIMIT_PREFIX + field.name.upper(), str(number))
    assert limits_from_environment() == Limits(*range(1, len(fields(Limits)) + 1))
    monkeypatch.setenv(LIMIT_PREFIX + "ROW_COUNT", "many")
    with pytest.raises(ValueError, match="TOTALPLACE_LIMIT_ROW_COUNT is 'many': give a whole number"):
        limits_from_environment()


def test_grants_become_rows_with_the_standards_titles() -> None:
    entries = [
        {"id": "g1", "amountAwarded": 2266, "recipientOrganization": [{"id": "o1", "name": "Hall"}]},
        {},
        {"amountAwarded": 3028.630, "grantProgramme": [{"title": "Small"}], "plannedDates": [{"duration": 12}]},
    ]
    content = json.dumps({"grants": entries}).replace("3028.63", "3028.630").encode()
    (found,) = read_json(content)
    head, *rows = found.rows
    assert head == [
        "Identifier", "Amount Awarded", "Recipient Org:0:Identifier", "Recipient Org:0:Name", "Grant Programme:0:Title",
        "Planned Dates:0:Duration (months)",
    ]  # fmt: skip
    assert rows == [["g1", 2266, "o1", "Hall"], [None] * 4, [None, "3028.630", None, None, "Small", 12]]
    tally = take_tally(content, "json", [Segment(None, 2, 4, (1,))])
    assert (tally.row_counts, tally.row_gbp) == ({None: 4}, {(None, 2): Decimal("2266.00"), (None, 4): Decimal("3028.63")})


def test_count_of_json_follows_names_with_escapes_and_lists_in_entries() -> None:
    entries = [{'a"b': [1, {"c": "2,000.50"}], "\u00e9": None}, {"z": True, 'a"b': [9]}]
    content = json.dumps(entries).encode()
    (found,) = read_json(content)
    assert found.rows[0] == ['a"b:0', 'a"b:1:c', "é", "z"]
    tally = take_tally(content, "json", [Segment(None, 2, 9, (0, 1, 3))])
    assert tally.row_gbp == {(None, 2): Decimal("2001.50"), (None, 3): Decimal("9.00")}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'[{"a": 1, "a": 2}]', "'a' stands twice"),
        (b'[{"a": Infinity}]', "Infinity as a number"),
        (b'[{"a": 1}, 2]', "entry 2 of the list is not an object"),
        (b'{"a": 1}', "without a list of grants"),
        (b"[1, 2]", "not a list of objects"),
        (b'[{"a": 1}', "breaks off or goes wrong on line 1"),
        (b'[{"a": "\xff"}]', "not UTF-8"),
    ],
)
def test_json_that_is_no_table_says_why(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_json(content)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'[{"a":' + b"[" * 70 + b"]" * 70 + b"}]",
        b"[{}" + b",{}" * 1200 + b"]",
        b'[{"a": ' + json.dumps(list(range(30))).encode() + b"}]",
    ],
)
def test_json_beyond_limits(content: bytes) -> None:
    with pytest.raises((LimitBreached, UnreadableFile)):
        read_json(content, SMALL)


def test_parquet_of_every_type_and_its_count() -> None:
    content = parquet(
        {
            "Amount": pa.array([Decimal("1.005"), None], pa.decimal128(9, 3)), "float": pa.array([0.1, float("nan")]),
            "at": pa.array([datetime.datetime(2024, 6, 3, 9), None]), "day": pa.array([datetime.date(2024, 6, 3), None]),
            "name": pa.array(["a", "b"]).dictionary_encode(), "list": pa.array([[1, 2], None]), "raw": pa.array([b"\x01", None]),
            "amount": pa.array(["5.25", "(2.00)"]),
        }
    )  # fmt: skip
    (found,) = read_parquet(content)
    assert found.rows[0] == ["Amount", "float", "at", "day", "name", "list", "raw", "amount"]
    assert found.rows[1][0] == "1.005"
    assert found.rows[1][2:] == [datetime.datetime(2024, 6, 3, 9), datetime.date(2024, 6, 3), "a", "[1, 2]", "01", "5.25"]
    tally = take_tally(content, "parquet", [Segment(None, 2, 3, (0, 7))])
    assert (tally.row_counts, [str(v) for v in tally.row_gbp.values()]) == ({None: 3}, ["6.25", "-2.00"])


@pytest.mark.parametrize("limits", [Limits(row_count=1), Limits(column_count=1), Limits(cell_count=3), Limits(unpacked_bytes=10)])
def test_parquet_beyond_limits(limits: Limits) -> None:
    with pytest.raises(LimitBreached):
        read_parquet(parquet({"a": pa.array([1.0, 2.0]), "b": pa.array(["x" * 50, "y"])}), limits)


def test_cells_without_values_are_told() -> None:
    rows = '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="str"><f>""</f><v></v></c></row>'
    tally = take_tally(xlsx(rows), "xlsx", [])
    assert tally.unvalued == [("Sheet1", "A1"), ("Sheet1", "B1")]
    content = xlsx(
        xlsx_rows([["Date", "Supplier", "Amount"]]) + '<row r="2"><c r="A2"><v>45446</v></c><c r="C2"><f>1+1</f></c></row>'
    )
    (note,) = [n for n in read(content).notes if n.rule_id == "cells_have_values"]
    assert (note.sheet_name, "1 cell holds an error" in note.words, "C2" in note.words) == ("Sheet1", True, True)


def test_equals_and_quotes_in_text_are_what_excel_shows_and_in_workbooks_are_text() -> None:
    content = b'x,="007"\ny,"=""8.50"""\nz,="\n'
    (found,) = read_delimited(content.decode(), ",")
    assert [cells[1] for cells in found.rows] == ["007", "8.50", '="']
    assert take_tally(content, "text", [Segment(None, 1, 9, (1,))]).total_gbp == Decimal("15.50")
    assert take_tally(xlsx(xlsx_rows([['="007"']])), "xlsx", [Segment("Sheet1", 1, 9, (0,))]).total_gbp == 0


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize(
    ("lost", "put"),
    [("</table:table>", ""), ("</table:table></office:spreadsheet></office:body></office:document-content>", ""),
     ("</table:table>", "<!--</table:table>-->"), ("</table:table>", "</table:table-row>")],
)  # fmt: skip
def test_table_that_never_closes_is_refused_rather_than_read_for_ever(
    lost: str, put: str, is_large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by the fuzz: calamine waits for the end of the table past the end of the document."""
    if is_large:
        monkeypatch.setattr("ingest.readers.opendocument._WELL_FORMED_SIZE", 0)
    whole = ods(ods_table([[1], [2]]))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    content = parts["content.xml"]
    assert isinstance(content, bytes)
    assert lost.encode() in content
    with pytest.raises(UnreadableFile, match="damaged"):
        read_workbook(zipped(parts | {"content.xml": content.replace(lost.encode(), put.encode())}))
