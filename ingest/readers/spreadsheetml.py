"""What an XLSX would fill the memory with, found before it is read.

calamine keeps every cell from the first to the last filled one, blank ones between included, and a copy of a shared string for each
cell that shows it. So the limits here are on that area and on that text. Ordinary sheets pass a scan that only looks for the
unusual; a sheet with something unusual is measured exactly.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from functools import lru_cache

from ingest.limits import LimitBreached, Limits
from ingest.readers.packages import Budget, pieces

_ADVICE = "delete what stands far below or beside the table, or save it as CSV"
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_TAG = re.compile(rb"""<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]*)""")
_SHARED = re.compile(rb"""<(?:[\w.-]+:)?c\s[^<>]{0,200}\bt\s*=\s*["']s["'][^<>]{0,200}>\s*<(?:[\w.-]+:)?v[^<>]*>\s*([0-9]{1,18})""")
_SMALLEST_CELL = 20  # bytes of the shortest cell that shows a shared string


def check_spreadsheetml(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises LimitBreached for a workbook that would fill the memory, UnreadableFile for one with a document type."""
    budget = Budget(limits)
    limits.check("member_count", len(archive.infolist()) // 10, "the workbook", "publish fewer sheets in one workbook")
    lengths: list[int] = []
    sheets: list[tuple[zipfile.ZipInfo, int]] = []
    for part in archive.infolist():
        name = part.filename.replace("\\", "/").lower()
        before = budget.unpacked
        if "worksheets/" in name and "/_rels/" not in name:
            _check_sheet(archive, part, budget)
            sheets.append((part, budget.unpacked - before))
        elif name.endswith("sharedstrings.xml"):
            for piece in pieces(archive, part, budget, b"</"):
                lengths += [len(text) for text in re.split(rb"</(?:[\w.-]+:)?si>", piece)]
        elif name.endswith((".xml", ".rels")):
            for _ in pieces(archive, part, budget, b"<"):
                pass
    _check_text(archive, sheets, lengths, limits)


def _check_sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: Budget) -> None:
    unusual = _unusual(budget.limits.cell_count)
    for piece in pieces(archive, part, budget, b"<"):
        if unusual.search(piece) or _PREFIXED.search(piece):
            _measure(archive, part, budget.limits)
            return


@lru_cache(maxsize=8)
def _unusual(cell_count: int) -> re.Pattern[bytes]:
    """A cell without an address, or one outside two boxes whose area is within the limit: columns A to Z and A to ZZ."""
    narrow, wide = (len(str(cell_count // columns)) - 1 for columns in (26, 702))
    if wide < 1:
        return re.compile(rb"<c")
    address = f'[A-Z](?:[0-9]{{1,{narrow}}}|[A-Z][0-9]{{1,{wide}}})"'
    return re.compile(f'<c(?! r="{address}|ols?[ >])'.encode())


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """The exact area: the last row and column of any cell that is not empty."""
    last_row = last_column = row = column = 0
    for piece in pieces(archive, part, Budget(limits), b"<"):
        for tag, attributes in _TAG.findall(piece):
            found = _ADDRESS.search(attributes)
            letters, digits = found.groups() if found else (b"", b"")
            if tag == b"row":
                row, column = int(digits[:18]) if digits else row + 1, 0
                continue
            column = _column_number(letters) if letters else column + 1
            if not attributes.rstrip().endswith(b"/"):  # a cell of style only holds nothing
                last_row = max(last_row, int(digits[:18]) if digits else row)
                last_column = max(last_column, column)
                row = int(digits[:18]) if digits else row
        if last_row * last_column > limits.cell_count:
            where = f"{part.filename} (to row {last_row:,}, column {last_column:,})"
            raise LimitBreached("cell_count", last_row * last_column, limits.cell_count, where, _ADVICE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:12]:
        number = number * 26 + letter - 64
    return number


def _check_text(archive: zipfile.ZipFile, sheets: list[tuple[zipfile.ZipInfo, int]], lengths: list[int], limits: Limits) -> None:
    """A long shared string shown by many cells: bounded roughly by the size of the sheets, exactly where that is too much."""
    if not lengths:
        return
    longest = max(lengths)
    limits.check("cell_characters", longest // 8, "the longest text of the workbook", "shorten it, or save the workbook as CSV")
    if sum(size for _, size in sheets) // _SMALLEST_CELL * longest <= limits.unpacked_bytes:
        return
    shown: Counter[int] = Counter()
    for part, _ in sheets:
        for piece in pieces(archive, part, Budget(limits), b"<c"):
            shown.update(int(index) for index in _SHARED.findall(piece))
    total = sum(lengths[index] * count for index, count in shown.items() if index < len(lengths))
    limits.check("unpacked_bytes", total, "the text of all cells", "save the workbook as CSV")
