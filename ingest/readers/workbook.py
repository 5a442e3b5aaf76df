"""Workbooks (XLSX, XLS, ODS) to rows, by calamine: it reads what stricter readers refuse, and fast."""

from __future__ import annotations

import io
import zipfile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from ingest.limits import DEFAULTS, LimitBreached, Limits
from ingest.readers.biff import check_biff
from ingest.readers.cells import Sheet, UnreadableFile
from ingest.readers.opendocument import check_opendocument
from ingest.readers.spreadsheetml import check_spreadsheetml
from ingest.sniff import BROKEN_ZIP

_ADVICE = "delete what stands far below or beside the table, or save it as CSV"


def read_workbook(content: bytes, limits: Limits = DEFAULTS) -> list[Sheet]:
    """Every worksheet from cell A1 to the last row that holds anything, hidden ones marked. Blank cells are ""
    (calamine's way) and count as blank.

    Raises UnreadableFile for a broken, encrypted or non-workbook file, LimitBreached before a too large one fills the memory.
    """
    try:
        _check(content, limits)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [meta.name for meta in workbook.sheets_metadata]
        if twice := {name for name in names if names.count(name) > 1}:
            raise UnreadableFile(f"several sheets are named '{min(twice)}', so that only one of them can be read: rename them")
        limits.check("sheet_count", len(names), "the workbook", "publish fewer sheets in one workbook")
        return _sheets(workbook, limits)
    except (UnreadableFile, LimitBreached):
        raise
    except PasswordError as error:
        raise UnreadableFile("the workbook is protected with a password: save it again without one") from error
    except (CalamineError, *BROKEN_ZIP) as error:
        words = str(error).removesuffix(".")
        raise UnreadableFile(f"the workbook cannot be opened ({words}): save it again as .xlsx without a password") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a fault inside calamine arrives as a BaseException of this name
            raise UnreadableFile("the workbook is damaged beyond reading: save it again as .xlsx") from error
        raise


def _check(content: bytes, limits: Limits) -> None:
    if not content.startswith(b"PK"):
        check_biff(content, limits)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check = check_opendocument if "content.xml" in archive.namelist() else check_spreadsheetml
        check(archive, limits)


def _sheets(workbook: CalamineWorkbook, limits: Limits) -> list[Sheet]:
    sheets: list[Sheet] = []
    cells = 0
    for meta in workbook.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        while rows and all(cell == "" for cell in rows[-1]):
            rows.pop()  # cells of a formula that gives "", formats: no row that a person would count
        width = len(rows[0]) if rows else 0
        cells += len(rows) * width
        where = f"sheet '{meta.name}'"
        limits.check("column_count", width, where, _ADVICE)
        limits.check("row_count", len(rows), where, _ADVICE)
        limits.check("cell_count", cells, where, _ADVICE)
        sheets.append(Sheet(meta.name, rows, is_hidden=meta.visible != SheetVisibleEnum.Visible))
    return sheets
