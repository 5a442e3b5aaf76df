"""The police's ledger of 2024-25: one workbook, a sheet a month, ten of twelve months, headers that drift.

Belongs here: the workbook's layout. Must not be here: who is paid what (`payments`).
"""

from __future__ import annotations

from datetime import date

from examples.generator.payments import police_payments
from examples.generator.places import POLICE
from examples.generator.records import ExampleFile, Record, Sheet, xlsx_file

_HEADERS = (
    ("* Expenditure Category", "* Date", "TOTAL", "* SUPPLIER FINAL"),
    ("Expenditure Category", "Date", "Total Invoice Amount", "SUPPLIER FINAL"),
)
_MONTHS = [(2024, month) for month in range(4, 13)] + [(2025, 1)]  # February and March 2025 were never published
_LINE_COUNTS = (24, 27, 22, 30, 25, 28, 31, 26, 21, 23)
_BLANK_ROW_IN = (2024, 8)


def police_ledger() -> ExampleFile:
    """One workbook of ten sheets; August has a blank row between its lines."""
    return xlsx_file(f"{POLICE}/police-2024-25.xlsx", [_sheet(n, *month) for n, month in enumerate(_MONTHS)])


def _sheet(position: int, year: int, month: int) -> Sheet:
    lines = [
        Record((p.expense_type, p.paid, float(p.amount), p.payee), "accepted", p.amount)
        for p in police_payments(year, month, _LINE_COUNTS[position])
    ]
    if (year, month) == _BLANK_ROW_IN:
        lines.insert(10, Record((None, None, None, None), "excluded"))
    header = Record(_HEADERS[position >= 5], "excluded")
    return Sheet(date(year, month, 1).strftime("%b %y"), (header, *lines))
