"""Payments of the synthetic ledgers, before any layout: who was paid what, when and for what.

Belongs here: invented suppliers and deterministic amounts. Must not be here: columns, encodings, quirks of files.
No real supplier and no person is named; HM Revenue & Customs is, because its taxes must be recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from examples.generator.records import number_from

# department, service area, expense type, supplier
_COUNCIL_BUYS = (
    ("Highways", "Road maintenance", "Contractors", "Example Paving Ltd"),
    ("Highways", "Street lighting", "Energy", "Total Example Power Ltd"),  # a supplier, not a total row
    ("Highways", "Winter service", "Materials", "Specimen Salt plc"),
    ("Environment", "Waste collection", "Contractors", "Sample Recycling Ltd"),
    ("Environment", "Fleet", "Vehicle hire", "Sample Fleet Hire Ltd"),
    ("Environment", "Fleet", "Fuel", "Placeholder Fuels Ltd"),
    ("Environment", "Parks", "Grounds maintenance", "Specimen Gardens LLP"),
    ("Adults", "Home care", "Care purchasing", "Illustrative Care Ltd"),
    ("Adults", "Home care", "Agency staff", "Demonstration Staffing Ltd"),
    ("Adults", "Housing advice", "Grants", "Exampleshire Community Trust"),
    ("Schools", "School catering", "Food", "Specimen Catering Ltd"),
    ("Schools", "School transport", "Transport", "Demo Coaches Ltd"),
    ("Schools", "Museums", "Venue hire", "Arts at the Old Fire Station of Nowhere"),  # not a fire authority
    ("Resources", "ICT", "Software licences", "Placeholder Software Ltd"),
    ("Resources", "Legal", "Legal fees", "Sample & Sons Solicitors LLP"),
    ("Resources", "Communications", "Printing", "Redactive Example Publishing Ltd"),  # a supplier, not redacted
    ("Resources", "Estates", "Building repairs", "Fictitious Builders Ltd"),
    ("Resources", "Training", "Courses", "Illustrative Training CIC"),
)
_POLICE_BUYS = (
    ("", "", "Vehicle hire", "SAMPLE FLEET HIRE LTD"),
    ("", "", "Fuel", "PLACEHOLDER FUELS LTD"),
    ("", "", "Computer software", "PLACEHOLDER SOFTWARE LTD"),
    ("", "", "Counsel fees", "SAMPLE AND SONS SOLICITORS LLP"),
    ("", "", "Detained persons - meals", "SPECIMEN CATERING LTD"),
    ("", "", "Uniforms", "FICTITIOUS UNIFORMS LTD"),
    ("", "", "Forensic services", "ILLUSTRATIVE LABORATORIES LTD"),
    ("", "", "Building repairs", "FICTITIOUS BUILDERS LTD"),
    ("", "", "Other third party payments", "THIRD PARTY SUPPLIER"),
)
_REDACTED = (
    "REDACTED PERSONAL DATA",
    "Redacted",
    "REDACTED COMMERICAL CONFIDENTIALITY",
)  # spelt as publishers spell it
_PRECEPT_WORDS = ("Ctax Precept", "Ctax Precept", "C/tax Pecept", "Ctax precerpt", "CT Precept")


@dataclass(frozen=True)
class Payment:
    """One line of a ledger, in pounds to the penny; a credit is negative."""

    paid: date
    payee: str
    description: str
    amount: Decimal
    reference: str
    department: str = ""
    service_area: str = ""
    expense_type: str = ""


def council_payments(year: int, month: int, line_count: int) -> list[Payment]:
    """The council's payments of a month: transfers to other bodies first, then purchases, by day."""
    label = date(year, month, 1).strftime("%b %y")
    special: list[tuple[str, str, str, str, str]] = [
        (
            "Resources",
            "Occupational health",
            "Exampleshire Hospitals NHS Trust",
            f"Staff health checks {label}",
            "18240.00",
        ),
        ("Resources", "Print room", "Exampleshire Council", f"Internal recharge print room {label}", "2310.75"),
        ("Resources", "Payroll", "HM Revenue & Customs", f"PAYE and NI {label}", "1412906.38"),
    ]
    if year == 2024 or month == 1:  # council tax is paid over in ten instalments, April to January: 12 million in all
        words = _PRECEPT_WORDS[number_from("precept", year, month, below=len(_PRECEPT_WORDS))]
        special.insert(0, ("Resources", "Collection fund", "Exampleshire Fire and Rescue", f"EFRS {words} {label}", "1200000.00"))
    if month in (7, 11):
        special.append(("Schools", "Training", "Exampleshire Fire & Rescue Service", "Fire marshal course", "2150.00"))
    if month == 10:
        special.append(("Environment", "CCTV", "Exampleshire Police", "Control room share", "36500.00"))
    payments = [
        Payment(_day("council", year, month, n), payee, description, Decimal(amount), "", department, area, "Transfers")
        for n, (department, area, payee, description, amount) in enumerate(special)
    ]
    for n in range(line_count - len(payments)):
        department, area, expense_type, payee = _COUNCIL_BUYS[number_from("buys", year, month, n, below=len(_COUNCIL_BUYS))]
        amount = _amount("council", year, month, n)
        description = f"{area} {label}"
        if n % 13 == 5:
            payee, description = _REDACTED[n // 13 % len(_REDACTED)], "Personal budget"
        elif n % 17 == 9:
            amount, description = -amount / 4, f"Credit note {area}"
        amount = amount.quantize(Decimal("0.01"))
        payments.append(Payment(_day("council", year, month, n), payee, description, amount, "", department, area, expense_type))
    return _numbered("EC", year, month, payments)


def police_payments(year: int, month: int, line_count: int) -> list[Payment]:
    """The police's payments of a month, with rates to the council and shared premises with fire."""
    payments: list[Payment] = []
    for n in range(line_count):
        _, _, expense_type, payee = _POLICE_BUYS[number_from("police", year, month, n, below=len(_POLICE_BUYS))]
        amount = _amount("police", year, month, n)
        if n == 0:
            expense_type, payee, amount = "Training", "EXAMPLESHIRE COUNCIL", Decimal("4875.00")
        elif n == 1:
            expense_type, payee, amount = "Shared premises", "EXAMPLESHIRE FIRE AND RESCUE", Decimal("9120.50")
        payments.append(Payment(_day("police", year, month, n), payee, "", amount, "", expense_type=expense_type))
    return _numbered("EP", year, month, payments)


def _amount(*key: object) -> Decimal:
    """Between 500 and about 45,000 pounds, small ones more often."""
    first, second = number_from(*key, "a", below=21_000), number_from(*key, "b", below=211)
    return Decimal(50_000 + first * second) / 100


def _day(payer: str, year: int, month: int, n: int) -> date:
    return date(year, month, 1 + number_from(payer, "day", year, month, n, below=28))


def _numbered(prefix: str, year: int, month: int, payments: list[Payment]) -> list[Payment]:
    ordered = sorted(payments, key=lambda p: (p.paid, p.payee, p.amount))
    return [
        Payment(
            p.paid,
            p.payee,
            p.description,
            p.amount,
            f"{prefix}{year % 100:02d}{month:02d}{n:04d}",
            p.department,
            p.service_area,
            p.expense_type,
        )
        for n, p in enumerate(ordered, start=1)
    ]
