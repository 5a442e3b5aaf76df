"""The project's own templates: empty files with the right headers, and a guide to fill them in.

Belongs here: writing the templates. Their columns and words are data (`ingest.kinds.template_fields`). Must not: read returns.
"""

from __future__ import annotations

import csv
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingest.kinds.template_fields import TemplateField, template_fields, word_meanings

GUIDE_SHEET = "Guide"
GUIDE_HEADER = ("Field", "Mandatory", "Kind of value", "What it is", "Example", "Allowed values")
WORDS_HEADER = ("Field", "Word", "What the word means")
LAST_ROW = 5_000  # as far as drop-downs and formats reach; rows below are read all the same

_FIRST_LIST_COLUMN = len(GUIDE_HEADER)  # the allowed values stand side by side from here on
_WIDTHS = (24, 18, 16, 70, 40)
_BOLD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="DDEBF7")
_TOP = Alignment(vertical="top", wrap_text=True)
# Text, so that a spreadsheet does not turn the service code 09.10 into a number or 2024-25 into a date.
_FORMATS = {"money": "0.00", "number": "General", "whole_number": "0", "date": "yyyy-mm-dd"}


def write_templates(directory: Path) -> list[Path]:
    """Write `<kind>.csv` and `<kind>.xlsx` for every kind into `directory`, which is made where it is missing.

    A template of that name which is there already is replaced. Returns the paths written, in order of name.
    Raises OSError when the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for kind, fields in template_fields().items():
        written.append(_write_csv(directory / f"{kind}.csv", fields))
        written.append(_write_xlsx(directory / f"{kind}.xlsx", kind, fields))
    return sorted(written)


def _write_csv(path: Path, fields: tuple[TemplateField, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\r\n").writerow(field.name for field in fields)
    return path


def _write_xlsx(path: Path, kind: str, fields: tuple[TemplateField, ...]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _fill_return_sheet(workbook.create_sheet(kind), fields)
    _fill_guide_sheet(workbook.create_sheet(GUIDE_SHEET), fields)
    workbook.save(path)
    return path


def _fill_return_sheet(sheet: Worksheet, fields: tuple[TemplateField, ...]) -> None:
    """The sheet to fill in: headers, formats of the columns, a drop-down where values come from a list."""
    for column, field in enumerate(fields, start=1):
        letter = get_column_letter(column)
        cell = _put(sheet, 1, column, field.name)
        cell.font = _BOLD
        cell.comment = _comment(field)
        if field.is_mandatory:
            cell.fill = _SHADE
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(12, len(field.name) + 3)
        dimension.number_format = _FORMATS.get(field.value_type, "@")
        if field.allowed_values:
            sheet.add_data_validation(_drop_down(field, f"{letter}2:{letter}{LAST_ROW}"))
    sheet.freeze_panes = "A2"


def _drop_down(field: TemplateField, cells: str) -> DataValidation:
    """A list that points at the guide: a list written into the cell itself may hold 255 characters only."""
    row = field.position + 1
    first = get_column_letter(_FIRST_LIST_COLUMN)
    last = get_column_letter(_FIRST_LIST_COLUMN + len(field.allowed_values) - 1)
    return DataValidation(
        type="list",
        formula1=f"{GUIDE_SHEET}!${first}${row}:${last}${row}",
        allow_blank=not field.is_mandatory,
        sqref=cells,
        showErrorMessage=True,
        errorTitle=field.name,
        error="Choose one of the list (sheet Guide).",
    )


def _fill_guide_sheet(sheet: Worksheet, fields: tuple[TemplateField, ...]) -> None:
    """A row per field: whether it must be there, what it is, an example, and its allowed values side by side. Below them a row
    for every word of the lists: what it means."""
    for column, text in enumerate(GUIDE_HEADER, start=1):
        _put(sheet, 1, column, text).font = _BOLD
    for field in fields:
        texts = (
            field.name,
            "yes" if field.is_mandatory else "no",
            field.value_type.replace("_", " "),
            field.description,
            field.example,
            *field.allowed_values,
        )
        for column, text in enumerate(texts, start=1):
            _put(sheet, field.position + 1, column, text).alignment = _TOP
    _fill_words(sheet, fields, first_row=len(fields) + 3)
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"


def _fill_words(sheet: Worksheet, fields: tuple[TemplateField, ...], first_row: int) -> None:
    meanings = word_meanings()
    rows = [(field.name, word, meanings[field.name, word]) for field in fields for word in field.allowed_values]
    for row, texts in enumerate([WORDS_HEADER, *rows] if rows else [], start=first_row):
        for column, text in zip((1, 2, 4), texts, strict=True):  # the meaning under "What it is", where there is room
            cell = _put(sheet, row, column, text)
            cell.alignment = _TOP
            if row == first_row:
                cell.font = _BOLD


def _comment(field: TemplateField) -> Comment:
    needed = "must be filled" if field.is_mandatory else "may be blank"
    example = f"\nExample: {field.example}" if field.example else ""
    return Comment(f"{field.description} ({needed}).{example}", "Total Place", height=110, width=320)


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """A cell that holds text and never a formula, whatever it begins with."""
    cell = sheet.cell(row=row, column=column, value=text)
    assert isinstance(cell, Cell)
    if cell.value is not None:
        cell.data_type = "s"
    return cell
