"""The worked cell of overlap by both lenses, with the transfer in it running either way, and the years of one place.

Places X9871000x, agencies `lens-...`. Service: counts of one code. Purchase: ledgers of one kind of software, beside a count that
is what counts, so that the two lenses read two layers of one body.
"""

from __future__ import annotations

from .folder import ReturnsFolder
from .golden_count import COLUMNS

YEAR, BEFORE = "2024-25", "2023-24"
APART, TO_THE_LEAD, FROM_THE_LEAD, BRANCHES = "X98710001", "X98710002", "X98710003", "X98710004"
SPENT = {"council": "3000000.00", "icb": "2000000.00", "fire": "500000.00"}
TYPES = {"council": "la_unitary", "icb": "nhs_commissioner", "fire": "fire"}
SPEND = ("Payment Date", "Supplier Name", "Amount", "Expense Type", "Transaction Number")
Line = tuple[str, str, str]  # payee, expense type, pounds


def slug(place: str, body: str) -> str:
    return f"lens-{body}-{place[-1]}"


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns."""
    for place in (APART, TO_THE_LEAD, FROM_THE_LEAD, BRANCHES):
        folder.registry("places", {"place_code": place, "place_name": f"Lens {place[-1]} (synthetic)", "place_type": "unitary"})
        for body, kind in TYPES.items():
            name = f"Lens {body} {place[-1]} (synthetic)"
            folder.registry("agencies", {"agency_slug": slug(place, body), "agency_name": name, "agency_type": kind})
            link = {"agency_slug": slug(place, body), "place_code": place, "weight": "1", "driver": "boundary"}
            folder.registry("agency_places", link)
    for place, payer, payee in ((APART, "", ""), (TO_THE_LEAD, "icb", "council"), (FROM_THE_LEAD, "council", "icb")):
        for body, pounds in SPENT.items():
            seller = f"Lens {payee} {place[-1]} (synthetic)" if body == payer else "Anyfirm Synthetic Ltd"
            _ledger(folder, place, body, YEAR, (seller, "Computer Software", pounds), (seller, "Business Rates", "77.00"))
            pooled = {"transfer_kind": "pooled", "counterparty_agency": slug(place, payee)} if body == payer else {}
            _count(folder, place, body, pounds, pooled)
    for body, lines in {
        "council": (("Anyfirm Synthetic Ltd", "Electricity", "900.00"), ("Anyfirm Synthetic Ltd", "Petrol", "400.00")),
        "icb": (("Anyfirm Synthetic Ltd", "Gas", "500.00"), ("Anyfirm Synthetic Ltd", "Diesel", "600.00")),
        "fire": (
            ("Anyfirm Synthetic Ltd", "Utilities", "100.00"),
            ("EDF Energy", "", "50.00"),
            ("Anyfirm Synthetic Ltd", "Gizmo", "8.00"),
        ),
    }.items():
        _ledger(folder, BRANCHES, body, YEAR, *lines)
        _ledger(folder, BRANCHES, body, BEFORE, *lines[:1])
    rule = {"field": "expense_type", "words": "^gizmo", "purchase_category": "supplies.equipment", "reason": "a place's own word"}
    folder.registry("purchase_rules", rule)


def _ledger(folder: ReturnsFolder, place: str, body: str, year: str, *lines: Line) -> None:
    rows = [
        dict(zip(SPEND, (f"12/06/{year[:4]}", payee, pounds, kind, f"{body}{place[-1]}{number}"), strict=True))
        for number, (payee, kind, pounds) in enumerate(lines)
    ]
    folder.file(f"{slug(place, body)}/spend/{year[:4]}-06.csv", SPEND, rows)


def _count(folder: ReturnsFolder, place: str, body: str, pounds: str, pooled: dict[str, str]) -> None:
    row = {
        "agency_slug": slug(place, body), "financial_year": YEAR, "place_code": place, "place_basis": "in", "method_grade": "A",
        "flow": "outlay", "service_code": "07.3", "amount_gbp": pounds, "capital_or_revenue": "revenue",
        "expenditure_basis": "gross", **pooled,
    }  # fmt: skip
    folder.file(f"{slug(place, body)}/count/{YEAR}.csv", COLUMNS, [row])
