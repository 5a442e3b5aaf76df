"""The project's own templates: empty files with the right headers, and a guide to fill them in.

Belongs here: writing the templates. Their fields are data (`registry/template_fields.csv`; source: design/contract.md,
"Templates", and the word lists of design/money.md). Must not: read returns.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

GUIDE_SHEET = "Guide"
GUIDE_HEADER = ("Field", "Mandatory", "Kind of value", "What it is", "Allowed values")
LAST_ROW = 5_000  # as far as drop-downs and formats reach; rows below are read all the same

_FIRST_LIST_COLUMN = len(GUIDE_HEADER)  # the allowed values stand side by side from here on
_BOLD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="DDEBF7")
_TOP = Alignment(vertical="top", wrap_text=True)
# Text, so that a spreadsheet does not turn the service code 09.10 into a number or 2024-25 into a date.
_FORMATS = {"money": "0.00", "number": "General", "whole_number": "0", "date": "yyyy-mm-dd"}


@dataclass(frozen=True)
class TemplateField:
    """A column of a template; `allowed_values` is empty where anything of the value type will do."""

    kind: str
    name: str
    position: int
    is_mandatory: bool
    value_type: str
    allowed_values: tuple[str, ...]
    description: str


def template_fields(path: Path = FIELDS_CSV) -> dict[str, tuple[TemplateField, ...]]:
    """The fields of every template in column order, by kind, in the order of the data."""
    with path.open(encoding="utf-8", newline="") as handle:
        fields = [
            TemplateField(
                row["kind"],
                row["field"],
                int(row["position"]),
                row["is_mandatory"] == "true",
                row["value_type"],
                tuple(filter(None, row["allowed_values"].split(";"))),
                row["description"],
            )
            for row in csv.DictReader(handle)
        ]
    return {
        kind: tuple(sorted(group, key=lambda field: field.position))
        for kind, group in groupby(fields, key=lambda field: field.kind)
    }


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
        cell = sheet.cell(row=1, column=column, value=field.name)
        cell.font = _BOLD
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
    """A row per field: whether it must be there, what it is, and its allowed values side by side."""
    for column, text in enumerate(GUIDE_HEADER, start=1):
        sheet.cell(row=1, column=column, value=text).font = _BOLD
    for field in fields:
        row = field.position + 1
        texts = (
            field.name,
            "yes" if field.is_mandatory else "no",
            field.value_type.replace("_", " "),
            field.description,
            *field.allowed_values,
        )
        for column, text in enumerate(texts, start=1):
            sheet.cell(row=row, column=column, value=text).alignment = _TOP
    for column, width in enumerate((24, 11, 16, 70), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
