"""Workbooks (XLSX, XLS, ODS) to rows, by calamine: it reads what stricter readers refuse, and fast."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingest.readers.cells import Sheet, UnreadableFile

AREA_LIMIT = 20_000_000  # cells from A1 to the last filled one: calamine keeps the blank ones, and dies where they do not fit
SIZE_LIMIT = 1_000_000_000  # bytes of one sheet, unpacked
# A cell that is not empty (style only: "/>"), or a row whose first cell leaves out its address.
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^<>]{0,400}?\br=["']([A-Z]{0,9})([0-9]{1,18})["'][^<>]{0,400}(?<!/)>""")
_BARE_ROW = re.compile(
    rb"""<(?:\w+:)?row\s[^<>]{0,400}?\br=["']()([0-9]{1,18})["'][^<>]{0,400}>\s{0,20}"""
    rb"""<(?:\w+:)?c\b(?![^<>]{0,400}\br=)"""
)
_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def _check_limits(content: bytes) -> None:
    """Raises UnreadableFile for a workbook that would fill the memory: a cell far out, a sheet packed very small."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if not part.filename.startswith("xl/"):
                continue
            rows = columns = size = 0
            tail = b""
            with archive.open(part) as handle:
                while chunk := handle.read(_CHUNK):
                    size += len(chunk)
                    text = tail + chunk if "worksheets/" in part.filename else b""
                    for letters, number in _FILLED.findall(text) + _BARE_ROW.findall(text):
                        rows = max(rows, int(number))
                        columns = max(columns, _column_number(letters))
                    if size > SIZE_LIMIT or rows * columns > AREA_LIMIT:
                        raise UnreadableFile(
                            f"the workbook is too large to be read ({part.filename}: {rows:,} rows, {columns:,} columns): delete"
                            " what stands far below or beside the table, or save it as CSV"
                        )
                    tail = chunk[-1024:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_workbook(content: bytes) -> list[Sheet]:
    """Every worksheet from cell A1 to the last row that holds anything, hidden ones marked. Blank cells are ""
    (calamine's way) and count as blank.

    Raises UnreadableFile for a broken, encrypted, non-workbook or too large file.
    """
    try:
        if content.startswith(b"PK"):
            _check_limits(content)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets: list[Sheet] = []
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            while rows and all(cell == "" for cell in rows[-1]):
                rows.pop()  # cells of a formula that gives "", formats: no row that a person would count
            sheets.append(Sheet(meta.name, rows, is_hidden=meta.visible != SheetVisibleEnum.Visible))
        return sheets
    except UnreadableFile:
        raise
    except (CalamineError, *_BROKEN) as error:
        raise UnreadableFile(f"the workbook cannot be opened ({error}): save it again as .xlsx without a password") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a fault inside calamine arrives as a BaseException of this name
            raise UnreadableFile("the workbook is damaged beyond reading: save it again as .xlsx") from error
        raise
