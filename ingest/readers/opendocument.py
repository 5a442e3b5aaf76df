"""What an ODS would fill the memory with, found before it is read.

A row or a cell may say that it is repeated a million times; calamine writes each out, except blank ones at the end. So the area
is measured first: rows and columns with their repeats, up to the last that holds anything.
"""

from __future__ import annotations

import re
import zipfile
from xml.parsers import expat

from ingest.limits import LimitBreached, Limits
from ingest.readers.cells import UnreadableFile
from ingest.readers.packages import Budget, pieces

_ADVICE = "delete what stands far below or beside the table, or save it as CSV"
_ROW_END = b"</table:table-row>"
# The blank rest of a row, as LibreOffice writes it after the last cell: it adds nothing.
_BLANK = b'<table:table-cell table:number-columns-repeated="'
_REPEAT = re.compile(rb'repeated(="[0-9]+"/>' + _ROW_END + rb")?")
_ELEMENT = re.compile(rb"""<table:(table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_REPEATED = re.compile(rb"""repeated\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_WELL_FORMED_SIZE = 32_000_000  # bytes: below it every document is proved well-formed, above it those with anything unusual
_SMALLEST_CELL = len(b"<table:table-cell/>")


def check_opendocument(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises LimitBreached for a workbook that would fill the memory, UnreadableFile for one with a document type, a scrambled one,
    or one whose repeats cannot be read."""
    try:
        _measure(archive, limits, is_exact=False)
    except LimitBreached as breach:
        if breach.name != "cell_count":
            raise
        _measure(archive, limits, is_exact=True)


def _measure(archive: zipfile.ZipFile, limits: Limits, is_exact: bool) -> None:
    budget, area = Budget(limits), _Area(limits, is_exact)
    for part in archive.infolist():
        if part.filename == "META-INF/manifest.xml":
            for piece in pieces(archive, part, budget, b"<"):
                if b"encryption-data" in piece:
                    raise UnreadableFile("the workbook is protected with a password: save it again without one")
        elif part.filename == "content.xml":
            last, is_plain = b"", True
            for piece in pieces(archive, part, budget, _ROW_END):
                area.add(piece)
                is_plain = is_plain and (b"!" not in piece or b"<!" not in piece)  # one byte is looked for far faster
                last = piece
            area.check()
            if not is_plain or not _closes_its_table(last) or budget.unpacked < _WELL_FORMED_SIZE:
                _check_well_formed(archive, part, budget.limits)
        elif part.filename in ("styles.xml", "settings.xml", "meta.xml"):
            for _ in pieces(archive, part, budget, b"<"):
                pass


def _closes_its_table(last: bytes) -> bool:
    """The end of the document closes the table that stands open there. calamine looks for that end for ever where there is none."""
    opened = max(last.rfind(mark) for mark in (b"<table:table ", b"<table:table>", _ROW_END))
    return last.rfind(b"</table:table>") > opened


def _check_well_formed(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """The whole part by the interpreter's own parser: every element that opens closes."""
    parser = expat.ParserCreate()
    try:
        for piece in pieces(archive, part, Budget(limits), b">"):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableFile(f"part {part.filename} of the workbook is damaged ({error}): save it again as .xlsx") from error


class _Area:
    """Rows, columns and text of a workbook's sheets so far. Sheets are not told apart: the bound is for all together. Not exact:
    rows that repeat nothing are not taken apart, and count as wide as the cells that would fit into the widest."""

    def __init__(self, limits: Limits, is_exact: bool) -> None:
        self.limits, self.is_exact = limits, is_exact
        self.rows = self.columns = self.text = self.blank_rows = 0
        self.widest_row = 4096  # bytes, at least: no row has more cells than fit into it

    def add(self, piece: bytes) -> None:
        """A piece of content.xml: from one end of a row (included) to the next to last (excluded)."""
        if self.is_exact or self.blank_rows or not _repeats_blanks_only(piece):
            for row in piece.split(_ROW_END):
                self._row(row)
        else:
            while not _every_row_within(piece, self.widest_row):
                self.widest_row *= 2
            self.rows += piece.count(_ROW_END)
            self.columns = max(self.columns, self.widest_row // _SMALLEST_CELL)
        self.check()

    def _row(self, row: bytes) -> None:
        """One row, measured by its elements."""
        if b"<table:table " in row or b"<table:table>" in row:
            self.blank_rows = 0  # the blank rest of the sheet before
        column = last = 0
        times = 1
        found = list(_ELEMENT.finditer(row))
        if not found:
            return
        for position, element in enumerate(found):
            count = _times(element[2])
            if element[1] == b"table-row":
                times, column, last = count, 0, 0
                continue
            column += count
            follows = found[position + 1].start() if position + 1 < len(found) else len(row)
            if not element[2].rstrip().endswith(b"/") or b"office:" in element[2]:
                last = column
                self.text += (follows - element.start()) * (count * times - 1)
        if last:
            self.rows += self.blank_rows + times
            self.blank_rows = 0
            self.columns = max(self.columns, last)
        else:
            self.blank_rows += times

    def check(self) -> None:
        where = f"the workbook ({self.rows:,} rows, {self.columns:,} columns)"
        self.limits.check("cell_count", self.rows * self.columns, where, _ADVICE)
        self.limits.check("unpacked_bytes", self.text, "the text of all cells", _ADVICE)


def _every_row_within(piece: bytes, size: int) -> bool:
    """No row is longer than `size` bytes: from one row's end, another is found that near."""
    position, length = 0, len(piece)
    while length - position > size:
        found = piece.rfind(_ROW_END, position, position + size)
        if found < 0:
            return False
        position = found + len(_ROW_END)
    return True


def _repeats_blanks_only(piece: bytes) -> bool:
    """Nothing is repeated but the blank rest of rows. Counts rather than one look behind: an order of magnitude faster."""
    repeats = _REPEAT.findall(piece)
    return not repeats or (all(repeats) and len(repeats) == piece.count(_BLANK))


def _times(attributes: bytes) -> int:
    match = _REPEATED.search(attributes)
    if not match:
        return 1
    digits = (match[1] or match[2] or b"").strip()
    if not re.fullmatch(rb"[0-9]{1,18}", digits):
        raise UnreadableFile(f"a cell of the workbook is repeated '{digits[:20].decode('latin-1')}' times: save it again as .xlsx")
    return max(1, int(digits))
