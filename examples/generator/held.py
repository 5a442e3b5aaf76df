"""Two returns that must be held whole, while every other return goes on.

Belongs here: files that are not what their names say. A held return's records stand as quarantined in the statement;
a header is excluded, and money that no column names is not stated.
"""

from __future__ import annotations

from examples.generator.payments import council_payments
from examples.generator.places import ICB, TRUST
from examples.generator.records import ExampleFile, Record, csv_file

_PAGE = (
    "<!DOCTYPE html>",
    "<html lang=en>",
    "<head><title>403 Forbidden (synthetic)</title></head>",
    "<body>",
    "<h1>403 Forbidden</h1>",
    "<p>You do not have permission to open this page.</p>",
    "</body>",
    "</html>",
)


def held_files() -> list[ExampleFile]:
    """A web page with a CSV's name, and a ledger whose amount column was lost on export."""
    return [_web_page(), _without_amounts()]


def _web_page() -> ExampleFile:
    records = [Record((line,), "quarantined") for line in _PAGE]
    return csv_file(f"{TRUST}/spend-over-25k-june-2024.csv", records, line_end="\n", status="held")


def _without_amounts() -> ExampleFile:
    header = Record(("Entity", "Date", "Expense Type", "Expense Area", "Supplier", "Transaction Number"), "excluded")
    lines = [
        Record(
            (
                "NHS Exampleshire ICB (synthetic)",
                p.paid.strftime("%d/%m/%Y"),
                p.expense_type,
                p.service_area,
                p.payee,
                f"EI{n:06d}",
            ),
            "quarantined",
        )
        for n, p in enumerate(council_payments(2024, 6, 20)[:12], start=1)
        if not p.payee.startswith("HM ")
    ]
    return csv_file(f"{ICB}/spend-over-25k-june-2024.csv", [header, *lines], status="held")
