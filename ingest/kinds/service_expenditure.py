"""Revenue outturn summaries: authorities down, service lines across, £ thousand (design/returns.md).

Belongs here: telling the sheet that counts (net current expenditure) from the others, and the lines that count from subtotals
and memoranda. Which label is which is data: the seed `service_lines`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ingest.kinds.printed_totals import PrintedTotals, told_apart
from ingest.readers.cells import Cell, Sheet, is_blank
from ingest.rows import ZERO, Extract, RawLine, RowFate, Segment
from ingest.values.money import parse_money
from ingest.values.text import cell_text, header_key

MEASURE = "net current expenditure"
THOUSAND = 1000
# An authority's E-code, or its ONS code where the sheet has no E-codes; E92 (England) and E12 (regions) are totals.
_CODE = re.compile(r"^E\d{4}$|^(?!E92|E12)E\d{8}$")
_CODE_HEADERS = ("e code", "ecode", "ons code", "gss code")  # the first of them that a sheet has
_NAME_HEADERS = ("local authority", "local authority name", "authority")
_GROUP_HEADERS = ("class", "region")
_TOTAL_OF_LINES = re.compile(r"\(?total of lines.*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Layout:
    """Where things stand in a data sheet (0-based)."""

    header_row: int
    code: int
    name: int
    line_keys: dict[int, str]
    groups: tuple[int, ...] = ()  # columns that class the authorities: class, region


def line_key(label: str) -> str:
    """The key of a line label in the seed `service_lines`: lower case, words joined by `_`, "(total of lines ...)" dropped."""
    return re.sub(r"[^a-z0-9]+", "_", _TOTAL_OF_LINES.sub("", label).lower()).strip("_")


def find_layout(sheet: Sheet) -> Layout | None:
    """The layout of a data sheet, or None for a front page or a drop-down sheet."""
    for index, row in enumerate(sheet.rows[:40]):
        keys = [header_key(cell) for cell in row]
        code = next((keys.index(header) for header in _CODE_HEADERS if header in keys), None)
        name = next((keys.index(header) for header in _NAME_HEADERS if header in keys), None)
        if code is None or name is None:
            continue
        identifying = (*_CODE_HEADERS, *_NAME_HEADERS, *_GROUP_HEADERS)
        last_id = max(i for i, key in enumerate(keys) if key in identifying)
        seen: Counter[str] = Counter()
        labels: dict[int, str] = {}
        for column in range(last_id + 1, len(row)):
            if (text := cell_text(row[column])) is None:
                continue
            key = line_key(text)
            seen[key] += 1
            labels[column] = key if seen[key] == 1 else f"{key}__{seen[key]}"
        if labels:
            return Layout(index, code, name, labels, tuple(keys.index(key) for key in _GROUP_HEADERS if key in keys))
    return None


def measure_of(sheet: Sheet, layout: Layout) -> tuple[str, bool]:
    """The measure named above the header, and whether it is in £ thousand."""
    for row in sheet.rows[: layout.header_row]:
        for cell in row:
            text = cell_text(cell) or ""
            if "£ thousand" in text.lower():
                return header_key(text.lower().split("(£")[0]), True
    return "", False


def read_service_expenditure(sheets: Sequence[Sheet], roles: Mapping[str, str], agencies: Mapping[str, str]) -> Extract:
    """Lines (authority x service line) of the net current expenditure sheet; the rest excluded with its reason.

    `roles`: line key -> outlay | income | subtotal | memorandum. `agencies`: E-code or ONS code -> agency slug.
    """
    extract = Extract()
    for sheet in sheets:
        layout = None if sheet.is_hidden else find_layout(sheet)
        measure, in_thousands = measure_of(sheet, layout) if layout else ("", False)
        if layout is None or not in_thousands:
            reason = "hidden_sheet" if sheet.is_hidden else "no_data_sheet"
            extract.rows += [RowFate(sheet.name, n, False, reason) for n in range(1, sheet.row_count + 1)]
            if sheet.is_hidden:
                extract.note("hidden_sheet_reported", f"hidden sheet '{sheet.name}' is not read", sheet.name)
            continue
        counted = measure == MEASURE
        words = f"sheet '{sheet.name}' holds {measure} in £ thousand: " + ("read" if counted else "excluded, another measure")
        extract.note("header_mapped", words, sheet.name)
        _read_sheet(sheet, layout, counted, roles, agencies, extract)
    extract.controls = told_apart(extract.controls)
    return extract


def _read_sheet(
    sheet: Sheet, layout: Layout, counted: bool, roles: Mapping[str, str], agencies: Mapping[str, str], extract: Extract
) -> None:
    columns = tuple(layout.line_keys)
    extract.segments.append(Segment(sheet.name, layout.header_row + 2, sheet.row_count, columns, THOUSAND))
    totals = PrintedTotals(layout.groups)
    if counted:
        extract.mapped_fields |= {"amount_gbp", "line_label"}
    for number, row in enumerate(sheet.rows, start=1):
        if number <= layout.header_row + 1:
            reason = "header" if number == layout.header_row + 1 else "blank" if all(map(is_blank, row)) else "title"
            extract.rows.append(RowFate(sheet.name, number, False, reason))
            continue
        money = {column: amount for column in columns if (amount := _thousands(row, column)) is not None}
        code = cell_text(row[layout.code]) or "" if layout.code < len(row) else ""
        if not _CODE.match(code):
            name = header_key(row[layout.name]) if layout.name < len(row) else ""
            totals.add_total(name, row, money)
            reason = "blank" if all(map(is_blank, row)) else "class_total" if money else "note"
            extract.rows.append(RowFate(sheet.name, number, False, reason, sum(money.values(), ZERO)))
            continue
        totals.add_authority(row, money)
        excluded = ZERO
        is_line = False
        for column, amount in money.items():
            if not counted or roles.get(layout.line_keys[column], "unknown") in ("subtotal", "memorandum"):
                excluded += amount
                continue
            if amount == 0 and layout.line_keys[column] in roles:
                continue  # nothing was spent on this line: not a flow
            is_line = True
            cells: dict[str, Cell] = {"authority_code": code, "line_label": layout.line_keys[column], "amount_gbp": amount}
            cells["authority_name"] = row[layout.name] if layout.name < len(row) else None
            extract.lines.append(RawLine(sheet.name, number, column, cells))
        fate = "" if is_line else "no_money" if counted else "other_measure"
        extract.rows.append(RowFate(sheet.name, number, is_line, fate, excluded, agencies.get(code)))
    if counted:
        extract.controls += totals.controls(layout.line_keys, roles)


def _thousands(row: list[Cell], column: int) -> Decimal | None:
    cell = row[column] if column < len(row) else None
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        return None
    money = parse_money(format(Decimal(str(cell)) * THOUSAND, "f"))  # exact: a product of floats strays at the half penny
    return money.amount_gbp if money else None
