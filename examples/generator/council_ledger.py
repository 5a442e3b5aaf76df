"""The council's twelve monthly ledgers of 2024-25, each in another of the ways that real councils publish.

Belongs here: layouts and quirks, one function per month that differs. Must not be here: who is paid what (`payments`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from examples.generator.payments import Payment, council_payments
from examples.generator.places import COUNCIL
from examples.generator.records import ExampleFile, Fate, Record, csv_file
from examples.generator.registry import APRIL_CORRECTED, APRIL_FIRST

LINE_COUNTS = {
    (2024, 4): 34, (2024, 5): 38, (2024, 6): 31, (2024, 7): 42, (2024, 8): 36, (2024, 9): 40,
    (2024, 10): 44, (2024, 11): 37, (2024, 12): 29, (2025, 1): 35, (2025, 2): 5, (2025, 3): 39,
}  # fmt: skip
TITLE = "Exampleshire Council (synthetic) - payments over the publication threshold"

_OLD_HEADER = ("Service Cost Centre", "Account Detail", "Description", "Reference", "Name", "Payment Date")
_NEW_HEADER = (
    "Department Area",
    "Service Area",
    "Description",
    "Line",
    "Reference",
    "Name:  ",
    "Payment Date",
    "Amount Paid",
)

Money = Callable[[Decimal], str]


def plain(amount: Decimal) -> str:
    """-1234.50"""
    return f"{amount:.2f}"


def commas(amount: Decimal) -> str:
    """-1,234.50"""
    return f"{amount:,.2f}"


def pounds(amount: Decimal) -> str:
    """-£1,234.50"""
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def trailing_minus(amount: Decimal) -> str:
    """1,234.50-"""
    return f"{abs(amount):,.2f}{'-' if amount < 0 else ''}"


def brackets(amount: Decimal) -> str:
    """(1,234.50)"""
    return f"({abs(amount):,.2f})" if amount < 0 else f"{amount:,.2f}"


def padded(amount: Decimal) -> str:
    """'1,234.50 ', as a column of a fixed width is exported"""
    return f" {amount:,.2f} "


def council_ledgers() -> list[ExampleFile]:
    """Thirteen files: twelve months, April twice."""
    return [
        *_april(), _may(), _june(), _july(), _august(), _september(),
        _october(), _november(), _december(), _january(), _february(), _march(),
    ]  # fmt: skip


def _payments(year: int, month: int) -> list[Payment]:
    return council_payments(year, month, LINE_COUNTS[year, month])


def _old(payment: Payment, money: Money, day: str = "%d/%m/%Y", fate: Fate = "accepted") -> Record:
    cells = (
        f"{payment.department} {payment.service_area}",
        payment.expense_type,
        payment.description,
        payment.reference,
        payment.payee,
        payment.paid.strftime(day),
        money(payment.amount),
    )
    return Record(cells, fate, payment.amount)


def _new(payment: Payment, money: Money, day: str = "%d/%m/%Y") -> Record:
    cells = (
        payment.department,
        payment.service_area,
        payment.description,
        "1",
        payment.reference,
        payment.payee,
        payment.paid.strftime(day),
        money(payment.amount),
    )
    return Record(cells, "accepted", payment.amount)


def _header(*cells: str) -> Record:
    return Record(cells, "excluded")


def _blank(width: int = 0) -> Record:
    return Record(("",) * width, "excluded")


def _spaced(records: Sequence[Record], after: Sequence[int], trailing: int) -> list[Record]:
    """The same records with an unnamed blank column after some columns and `trailing` more at the end."""
    return [
        replace(
            record,
            cells=(
                *[c for n, cell in enumerate(record.cells) for c in ((cell, "") if n in after else (cell,))],
                *[""] * trailing,
            ),
        )
        for record in records
    ]


def _april() -> list[ExampleFile]:
    """Published, then published again: one amount had its point in the wrong place, and one line was missing."""
    right = _payments(2024, 4)
    wrong_at = next(n for n, p in enumerate(right) if p.payee.endswith("Ltd") and p.amount > 1000)
    wrong = [replace(p, amount=p.amount * 10) if n == wrong_at else p for n, p in enumerate(right)][:-1]
    head = [_header(TITLE), _header(*_OLD_HEADER, "Net Amount (£)")]
    return [
        csv_file(APRIL_FIRST, head + [_old(p, pounds) for p in wrong], encoding="cp1252", status="superseded"),
        csv_file(APRIL_CORRECTED, head + [_old(p, pounds) for p in right], encoding="cp1252"),
    ]


def _may() -> ExampleFile:
    """UTF-8 with a byte order mark."""
    records = [_header(*_NEW_HEADER), *(_new(p, commas) for p in _payments(2024, 5))]
    return csv_file(f"{COUNCIL}/May 2024.csv", records, encoding="utf-8-sig")


def _june() -> ExampleFile:
    """A line of commas first, blank unnamed columns between and after, blank lines at the end."""
    records = [_header(*_NEW_HEADER), *(_new(p, commas) for p in _payments(2024, 6))]
    spaced = _spaced(records, after=(1, 4, 5), trailing=5)
    width = len(spaced[0].cells)
    return csv_file(f"{COUNCIL}/June 2024.csv", [_blank(width), *spaced, *[_blank(width)] * 12])


def _july() -> ExampleFile:
    """The header stands on the last line, and a credit has its minus behind."""
    records = [*(_new(p, trailing_minus) for p in _payments(2024, 7)), _header(*_NEW_HEADER)]
    return csv_file(f"{COUNCIL}/July 2024.csv", _spaced(records, after=(0, 1, 5), trailing=0))


def _august() -> ExampleFile:
    """Pound signs in Windows-1252."""
    records = [_header(*_OLD_HEADER, "Net Amount(£)"), *(_old(p, pounds, "%d/%m/%y") for p in _payments(2024, 8))]
    return csv_file(f"{COUNCIL}/August 2024.csv", records, encoding="cp1252")


def _september() -> ExampleFile:
    """Lines that end in a bare carriage return; trailing minus."""
    records = [_header(*_NEW_HEADER), *(_new(p, trailing_minus) for p in _payments(2024, 9))]
    return csv_file(f"{COUNCIL}/September 2024.csv", records, line_end="\r")


def _october() -> ExampleFile:
    """Pound signs as byte 0x9C, as an old finance system writes them."""
    records = [_header(*_OLD_HEADER, "Net Amount"), *(_old(p, pounds) for p in _payments(2024, 10))]
    return csv_file(f"{COUNCIL}/October 2024.csv", records, encoding="cp1252", dos_pound=True)


def _november() -> ExampleFile:
    """One line stands twice (accepted, with a warning), and one description holds a line break."""
    payments = _payments(2024, 11)
    payments[6] = replace(payments[6], description=payments[6].description.replace(" ", "\n", 1))
    payments.insert(12, payments[11])
    records = [_header(*_OLD_HEADER, "Net Amount"), *(_old(p, commas) for p in payments)]
    return csv_file(f"{COUNCIL}/November 2024.csv", records)


def _december() -> ExampleFile:
    """A second header half-way down and a total at the end: neither is a payment."""
    payments = _payments(2024, 12)
    header = _header(*_OLD_HEADER, "Amount (GBP)")
    lines = [_old(p, commas) for p in payments]
    half = len(lines) // 2
    total = sum((p.amount for p in payments), Decimal("0.00"))
    last = Record(("", "", "", "", "Total", "", commas(total)), "excluded", total)
    return csv_file(f"{COUNCIL}/December 2024.csv", [header, *lines[:half], header, *lines[half:], _blank(7), last])


def _january() -> ExampleFile:
    """Credits in brackets, months as words."""
    records = [_header(*_OLD_HEADER, "Net Amount"), *(_old(p, brackets, "%d %b %Y") for p in _payments(2025, 1))]
    return csv_file(f"{COUNCIL}/January 2025.csv", records)


def _february() -> ExampleFile:
    """Five lines where the neighbours have thirty-five and more: a partial month."""
    records = [_header(*_OLD_HEADER, "Net Amount"), *(_old(p, plain) for p in _payments(2025, 2))]
    return csv_file(f"{COUNCIL}/February 2025.csv", records)


def _march() -> ExampleFile:
    """Padded amounts, and two lines that must be held: an amount that is none, and a date ten years off."""
    payments = _payments(2025, 3)
    records = [_header(*_OLD_HEADER, "Net Amount"), *(_old(p, padded) for p in payments)]
    example = payments[-1]
    no_amount = replace(example, reference="EC25039001", amount=Decimal("0.00"), description="Amount not yet known")
    far_date = replace(example, reference="EC25039002", amount=Decimal("1250.00"), paid=date(2035, 3, 17))
    records.insert(9, _old(no_amount, lambda _: "see note", fate="quarantined"))
    records.insert(20, _old(far_date, padded, fate="quarantined"))
    return csv_file(f"{COUNCIL}/March 2025.csv", records)
