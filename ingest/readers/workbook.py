"""Workbooks (XLSX, XLS, ODS) to rows, by calamine: it reads what stricter readers refuse, and fast."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ingest.readers.cells import Sheet, UnreadableFile


def read_workbook(content: bytes) -> list[Sheet]:
    """Every worksheet from cell A1 to the last row that holds anything, hidden ones marked. Blank cells are ""
    (calamine's way) and count as blank.

    Raises UnreadableFile for a broken, encrypted or non-workbook file.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets: list[Sheet] = []
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            while rows and all(cell == "" or cell is None for cell in rows[-1]):
                rows.pop()  # cells of a formula that gives "", formats: no row that a person would count
            sheets.append(Sheet(meta.name, rows, is_hidden=meta.visible != SheetVisibleEnum.Visible))
        return sheets
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(f"the workbook cannot be opened ({error}): save it again as .xlsx without a password") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a fault inside calamine arrives as a BaseException of this name
            raise UnreadableFile("the workbook is damaged beyond reading: save it again as .xlsx") from error
        raise
