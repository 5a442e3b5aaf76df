"""What an XLS would fill the memory with, found before it is read.

calamine makes the whole area of every sheet when it opens the file, and room for as many shared strings as the file claims. The
records of the workbook's stream are walked here only for the addresses of cells and for that claim.
"""

from __future__ import annotations

import io
import struct
from typing import Any, cast

from ingest.limits import LimitBreached, Limits
from ingest.readers.cells import UnreadableFile

_ADVICE = "delete what stands far below or beside the table, or save it as CSV"
_CELLS = frozenset((0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0406, 0x0206, 0x0002, 0x0003, 0x0004, 0x0005))
_BOF, _SST, _MULRK, _FILEPASS = frozenset((0x0809, 0x0409, 0x0209, 0x0009)), 0x00FC, 0x00BD, 0x002F


def check_biff(content: bytes, limits: Limits) -> None:
    """Raises LimitBreached for a workbook that would fill the memory, UnreadableFile for one that is no workbook or is locked."""
    stream = _workbook_stream(content)
    position, area, rows, columns = 0, 0, 0, 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        body = position + 4
        position = body + size
        if kind in _CELLS and size >= 4:
            row, column = struct.unpack_from("<HH", stream, body)
            if kind == _MULRK:
                column = struct.unpack_from("<H", stream, max(body, position - 2))[0] if position <= len(stream) else column
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if area + rows * columns > limits.cell_count:
                raise LimitBreached(
                    "cell_count", area + rows * columns, limits.cell_count, f"row {rows:,}, column {columns:,}", _ADVICE
                )
        elif kind in _BOF:
            area, rows, columns = area + rows * columns, 0, 0
        elif kind == _SST and size >= 8:
            claimed = struct.unpack_from("<i", stream, body + 4)[0]
            if not 0 <= claimed <= len(stream):
                raise UnreadableFile("the workbook is damaged (its table of texts has an impossible size): save it again as .xlsx")
        elif kind == _FILEPASS:
            raise UnreadableFile("the workbook is protected with a password: save it again without one")


def _workbook_stream(content: bytes) -> bytes:
    import xlrd.compdoc

    try:
        document: Any = cast(Any, xlrd.compdoc).CompDoc(content, logfile=io.StringIO(), ignore_workbook_corruption=True)
        for name in ("Workbook", "Book"):
            memory, base, size = document.locate_named_stream(name)
            if memory:
                return bytes(memory[base : base + size])
    except Exception as error:
        raise UnreadableFile(f"the workbook cannot be opened ({error}): save it again as .xlsx") from error
    raise UnreadableFile("the file is not a workbook (perhaps a Word document or a message): save the table as .xlsx or CSV")
