"""XLS, counted by xlrd: another parser of the same records."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

from ingest.tally.shape import Rows, Tally, TallyFailed


def xls_sheets(content: bytes, tally: Tally) -> Iterator[tuple[str | None, Rows]]:
    """(name, rows) of every worksheet, rows up to the last that holds a value."""
    import xlrd

    try:
        book: Any = cast(Any, xlrd).open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            rows = [[_value(cell, name, tally) for cell in sheet.row(n)] for n in range(sheet.nrows)]
            book.unload_sheet(name)
            yield name, enumerate(rows, start=1)
    except Exception as error:
        raise TallyFailed(f"the workbook could not be counted a second time ({error})") from error


def _value(cell: Any, name: str, tally: Tally) -> Any:
    """xlrd writes truth values and errors as numbers: types 4 and 5."""
    if cell.ctype == 5:
        tally.note_unvalued(name, "a cell")
        return None
    return bool(cell.value) if cell.ctype == 4 else cell.value
