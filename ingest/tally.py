"""The independent tally: a file's rows and money counted a second way, so that the ledger's gate can fail.

Belongs here: a second tokeniser for each format and a second reading of numbers. Must not import the readers or `values`: told
only where the money stands (segments), it counts for itself. Formats: delimited text byte by byte, XLSX from its XML,
XLS by xlrd.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, cast
from xml.etree import ElementTree

from ingest.rows import Segment

PENNY = Decimal("0.01")
LARGEST = Decimal(10) ** 16  # no column of money holds it: a number as large is a reference, not an amount
_AMOUNT = re.compile(
    r"^(?P<open>\()?(?P<sign>[+-])?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?P<point>\.[0-9]*)?(?P<after>-)?(?P<side>CR|DR)?(?P<close>\))?$",
    re.IGNORECASE,
)
_BROKEN = (
    *(ElementTree.ParseError, zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError),
    *(LookupError, ValueError, ArithmeticError, NotImplementedError),
)
_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class TallyFailed(RuntimeError):
    """The second count could not be made; the ledger's rules then could not run."""


@dataclass
class Tally:
    """Rows per sheet and pounds per row, as the second count finds them."""

    row_counts: dict[str | None, int] = field(default_factory=dict[str | None, int])
    row_gbp: dict[tuple[str | None, int], Decimal] = field(default_factory=dict[tuple[str | None, int], Decimal])

    @property
    def row_count(self) -> int:
        return sum(self.row_counts.values())

    @property
    def total_gbp(self) -> Decimal:
        return sum(self.row_gbp.values(), Decimal("0.00"))


def take_tally(
    content: bytes, content_type: str, segments: Sequence[Segment], encoding: str = "utf-8", delimiter: str = ","
) -> Tally:
    """Count rows of every sheet, and money where the segments say it stands.

    Raises TallyFailed when the file cannot be counted this second way.
    """
    try:
        if content_type == "text":
            sheets: Iterator[tuple[str | None, Iterator[tuple[int, list[Any]]]]] = iter(
                [(None, enumerate(_records(content, encoding, delimiter), start=1))]
            )
        elif content_type == "xlsx":
            sheets = _xlsx_sheets(content)
        elif content_type == "xls":
            sheets = _xls_sheets(content)
        else:
            raise TallyFailed(f"no second count for {content_type}")
        return _tally(sheets, segments)
    except _BROKEN as error:
        raise TallyFailed(f"the file could not be counted a second time ({error})") from error


def _tally(sheets: Iterator[tuple[str | None, Iterator[tuple[int, list[Any]]]]], segments: Sequence[Segment]) -> Tally:
    tally = Tally()
    for name, rows in sheets:
        wanted = [s for s in segments if s.sheet_name == name]
        last = 0
        for number, cells in rows:
            last = number
            total = Decimal("0.00")
            for segment in wanted:
                if segment.first_row <= number <= segment.last_row:
                    for column in segment.amount_columns:
                        if column < len(cells):
                            total += pounds(cells[column], segment.unit_gbp)
            if total:
                tally.row_gbp[(name, number)] = total
        tally.row_counts[name] = last
    return tally


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Records of delimited text, one character at a time: quotes toggle, a doubled quote is a quote, CR, LF and CRLF end."""
    text = content.decode("latin-1" if encoding == "cp1252" else encoding, errors="replace")
    start, quoted, record = 0, False, cast("list[str]", [])
    position, length = 0, len(text)
    special = re.compile(f'["\r\n{re.escape(delimiter)}]')
    while match := special.search(text, position):
        position = match.end()
        mark = match.group()
        if mark == '"':
            if quoted:
                if position < length and text[position] == '"':
                    position += 1
                else:
                    quoted = False
            elif not text[start : match.start()]:
                quoted = True
        elif quoted:
            continue
        else:
            record.append(text[start : match.start()])
            if mark != delimiter:
                if mark == "\r" and position < length and text[position] == "\n":
                    position += 1
                yield record
                record = []
            start = position
    if start < length or record:
        record.append(text[start:])
        yield record


def pounds(cell: Any, unit: int) -> Decimal:
    if cell is None or isinstance(cell, bool):
        return Decimal(0)
    if isinstance(cell, (int, float)):
        value = Decimal(str(cell))
        return _pennies(value * unit) if value.is_finite() else Decimal(0)
    text = str(cell).strip()
    if len(text) > 1 and text[0] == '"' == text[-1]:
        text = text[1:-1]
    text = re.sub(r"[\s\u00a0£\x9cœúÂ\ufffd']|GBP", "", text, flags=re.IGNORECASE)
    match = _AMOUNT.match(text)
    if not match or not re.search(r"[0-9]", text):
        return _scientific(text)
    value = Decimal((match["digits"].replace(",", "") or "0") + (match["point"] or ""))
    if bool(match["open"]) != bool(match["close"]):
        return Decimal(0)
    credit = (match["side"] or "").upper() == "CR"
    minus = (match["sign"] == "-") + bool(match["open"]) + bool(match["after"]) + credit
    return Decimal(0) if minus > 1 else _pennies(-value if minus else value) * unit


def _pennies(value: Decimal) -> Decimal:
    return value.quantize(PENNY, rounding=ROUND_HALF_EVEN) if abs(value) < LARGEST else Decimal(0)


def _scientific(text: str) -> Decimal:
    if re.match(r"^[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,2}$", text):
        return _pennies(Decimal(text))
    return Decimal(0)


def _xlsx_sheets(content: bytes) -> Iterator[tuple[str | None, Iterator[tuple[int, list[Any]]]]]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    targets: dict[str, str] = {}
    for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        target = relation.attrib["Target"]
        targets[relation.attrib["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    strings = _shared_strings(archive)
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_XML}sheet"):
        path = targets[sheet.attrib[_RELATIONS]]
        if "worksheets/" in path:
            yield sheet.attrib["name"], _xlsx_rows(archive, path, strings)


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{_XML}t")) for item in root.iter(f"{_XML}si")]


def _xlsx_rows(archive: zipfile.ZipFile, path: str, strings: list[str]) -> Iterator[tuple[int, list[Any]]]:
    """Rows up to the last that holds a value; rows that the XML leaves out are blank rows."""
    pending: list[tuple[int, list[Any]]] = []
    number = 0
    with archive.open(path) as handle:
        for _, element in ElementTree.iterparse(handle):
            if element.tag != f"{_XML}row":
                continue
            given = int(element.attrib.get("r", number + 1))
            pending += [(blank, []) for blank in range(number + 1, given)]
            number = given
            cells: list[Any] = []
            for cell in element.iter(f"{_XML}c"):
                column = _column_index(cell.attrib.get("r", ""), len(cells))
                cells += [None] * (column - len(cells) + 1)
                cells[column] = _xlsx_value(cell, strings)
            element.clear()
            pending.append((number, cells))
            if any(value not in (None, "") for value in cells):
                yield from pending
                pending.clear()


def _column_index(reference: str, default: int) -> int:
    letters = re.match(r"[A-Z]+", reference)
    if not letters:
        return default
    index = 0
    for letter in letters.group():
        index = index * 26 + ord(letter) - 64
    return index - 1


def _xlsx_value(cell: ElementTree.Element, strings: list[str]) -> Any:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_XML}t"))
    value = cell.find(f"{_XML}v")
    if value is None or value.text is None or kind == "e":
        return None
    if kind == "s":
        return strings[int(value.text)]
    if kind == "b":
        return value.text == "1"
    return float(value.text) if kind == "n" else value.text


def _xls_sheets(content: bytes) -> Iterator[tuple[str | None, Iterator[tuple[int, list[Any]]]]]:
    import xlrd

    try:
        book: Any = cast(Any, xlrd).open_workbook(file_contents=content, on_demand=True)
    except Exception as error:  # xlrd raises whatever its parser met: any of it means that there is no second count
        raise TallyFailed(f"the workbook could not be counted a second time ({error})") from error
    for name in book.sheet_names():
        sheet = book.sheet_by_name(name)
        rows = [[_xls_value(cell) for cell in sheet.row(n)] for n in range(sheet.nrows)]
        while rows and all(value in (None, "") for value in rows[-1]):
            rows.pop()
        yield name, iter(enumerate(rows, start=1))
        book.unload_sheet(name)


def _xls_value(cell: Any) -> Any:
    """xlrd writes truth values and errors as numbers: types 4 and 5."""
    return None if cell.ctype == 5 else bool(cell.value) if cell.ctype == 4 else cell.value
