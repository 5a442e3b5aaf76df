"""What an ODS would fill the memory with, found before it is read.

A row or a cell may say that it is repeated a million times; calamine writes each out, except blank ones at the end. So the area
is measured first: rows and columns with their repeats, up to the last that holds anything.
"""

from __future__ import annotations

import re
import zipfile

from ingest.limits import Limits
from ingest.readers.cells import UnreadableFile
from ingest.readers.packages import Budget, pieces

_ADVICE = "delete what stands far below or beside the table, or save it as CSV"
_ROW_END = b"</table:table-row>"
# The blank rest of a row, as LibreOffice writes it after the last cell: it adds nothing.
_BLANK = b'<table:table-cell table:number-columns-repeated="'
_BLANK_REST = re.compile(rb'repeated="[0-9]+"/>' + _ROW_END)
_ELEMENT = re.compile(rb"""<table:(table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_REPEATED = re.compile(rb"""repeated\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SMALLEST_CELL = len(b"<table:table-cell/>")


def check_opendocument(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises LimitBreached for a workbook that would fill the memory, UnreadableFile for one with a document type, a scrambled one,
    or one whose repeats cannot be read."""
    budget = Budget(limits)
    area = _Area(limits)
    for part in archive.infolist():
        if part.filename == "META-INF/manifest.xml":
            for piece in pieces(archive, part, budget, b"<"):
                if b"encryption-data" in piece:
                    raise UnreadableFile("the workbook is protected with a password: save it again without one")
        elif part.filename == "content.xml":
            for piece in pieces(archive, part, budget, _ROW_END):
                area.add(piece)
            area.check()
        elif part.filename in ("styles.xml", "settings.xml", "meta.xml"):
            for _ in pieces(archive, part, budget, b"<"):
                pass


class _Area:
    """Rows, columns and text of a workbook's sheets so far. Sheets are not told apart: the bound is for all together."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rows = self.columns = self.text = self.blank_rows = 0

    def add(self, piece: bytes) -> None:
        """A piece of content.xml: from one end of a row (included) to the next to last (excluded)."""
        rows = piece.split(_ROW_END)
        if self.blank_rows or not _repeats_blanks_only(piece) or max(map(len, rows)) // _SMALLEST_CELL * (self.rows + len(rows)) > self.limits.cell_count:
            for row in rows:
                self._row(row)
        else:
            self.rows += len(rows)
            self.columns = max(self.columns, max(map(len, rows)) // _SMALLEST_CELL)
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


def _repeats_blanks_only(piece: bytes) -> bool:
    """Nothing is repeated but the blank rest of rows. Counts rather than one look behind: an order of magnitude faster."""
    repeats = piece.count(b"repeated")
    return not repeats or repeats == piece.count(_BLANK) == len(_BLANK_REST.findall(piece))


def _times(attributes: bytes) -> int:
    match = _REPEATED.search(attributes)
    if not match:
        return 1
    digits = (match[1] or match[2] or b"").strip()
    if not re.fullmatch(rb"[0-9]{1,18}", digits):
        raise UnreadableFile(f"a cell of the workbook is repeated '{digits[:20].decode('latin-1')}' times: save it again as .xlsx")
    return max(1, int(digits))
