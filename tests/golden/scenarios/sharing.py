"""Suppliers of several agencies and the saving bound. Places X9876000n, agencies `sharing-...`.

1: three bodies and every class of payee. 2 and 3: a force that serves both, and a commissioner that took over from another inside
the year. 4: two bodies with accounts and ledgers, whose bases follow one another.
"""

from __future__ import annotations

from .folder import ReturnsFolder

PLACES = {number: f"X9876000{number}" for number in (1, 2, 3, 4)}
YEAR = "2024-25"
SHARED = "Gunwalloe Fleet Services Ltd"
# agency: type, weights by place, lines of June 2024 (July for the successor)
AGENCIES = {
    "sharing-council": ("la_unitary", {1: "1"}),
    "sharing-police": ("police", {1: "1"}),
    "sharing-fire": ("fire", {1: "1"}),
    "sharing-force": ("police", {2: "0.6", 3: "0.4"}),
    "sharing-town": ("la_unitary", {2: "1"}),
    "sharing-old": ("nhs_commissioner", {3: "1"}),
    "sharing-new": ("nhs_commissioner", {3: "1"}),
    "sharing-lead": ("la_unitary", {4: "1"}),
    "sharing-second": ("la_lower", {4: "1"}),
}
LEDGERS = {
    "sharing-council": [
        (SHARED, "6000.00"), ("GUNWALLOE FLEET SERVICES LIMITED", "4000.00"), (SHARED, "-1000.00"),
        ("Cadgwith Supplies Ltd", "5000.00"), ("Porthleven Hospice Charity", "2000.00"), ("Mr A Penrose", "900.00"),
        ("Redacted personal data", "1000.00"), ("Kent County Council", "800.00"), ("Lizard Print Ltd", "3000.00"),
        ("Lizard Print Ltd", "-3500.00"),
    ],
    "sharing-police": [
        (SHARED, "3000.00"), ("Mullion Training Ltd", "700.00"), ("Cadgwith Supplies Ltd", "499.99"), ("Mr A Penrose", "900.00"),
        ("Redacted personal data", "600.00"), ("Kent County Council", "900.00"), ("sharing-council (synthetic)", "2500.00"),
    ],
    "sharing-fire": [(SHARED, "400.00"), ("Mullion Training Ltd", "500.00"), ("Porthleven Hospice Charity", "1500.00")],
    "sharing-force": [("Kynance Cleaning Ltd", "1000.00"), ("Coverack Cranes Ltd", "600.00")],
    "sharing-town": [("Kynance Cleaning Ltd", "700.00"), ("Coverack Cranes Ltd", "550.00")],
    "sharing-old": [("Landewednack Care Ltd", "1000.00")],
    "sharing-new": [("Landewednack Care Ltd", "1000.00")],
    "sharing-lead": [("Sennen Estates Ltd", "9000.00")],
    "sharing-second": [("Sennen Estates Ltd", "8000.00")],
}  # fmt: skip
COUNTS = {"sharing-lead": "100000.00", "sharing-second": "40000.00"}
RATES = [("saving_bound_supplier_non_lead", "0.05", "a synthetic review"), ("saving_bound_addressable_overlap", "0.1", "")]
_LEDGER = "Date,Supplier,Reference,Amount".split(",")
_COUNT = (
    "agency_slug financial_year place_code flow service_code economic_type capital_or_revenue expenditure_basis funding_route"
    " delivery_mode amount_gbp place_basis method_grade discretion"
).split()


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns."""
    for number, code in PLACES.items():
        name = f"Sharing place {number} (synthetic)"
        folder.registry("places", {"place_code": code, "place_name": name, "place_type": "unitary"})
    for slug, (kind, weights) in AGENCIES.items():
        row = {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind}
        if slug in COUNTS:
            row["default_service_code"] = "06.2"
        if slug == "sharing-old":
            row["valid_to"] = "2024-07-01"
        if slug == "sharing-new":
            row["valid_from"] = "2024-07-01"
        folder.registry("agencies", row)
        for number, weight in weights.items():
            folder.registry(
                "agency_places", {"agency_slug": slug, "place_code": PLACES[number], "weight": weight, "driver": "boundary"}
            )
        month, day = ("july", "03/07/2024") if slug == "sharing-new" else ("june", "03/06/2024")
        lines = [(day, name, f"{slug}-{place}", amount) for place, (name, amount) in enumerate(LEDGERS[slug])]
        folder.file(f"{slug}/{month} 2024.csv", _LEDGER, [dict(zip(_LEDGER, line, strict=True)) for line in lines])
    for slug, amount in COUNTS.items():
        row = {
            "agency_slug": slug, "financial_year": YEAR, "place_code": PLACES[4], "flow": "outlay", "service_code": "06.2",
            "economic_type": "goods_services", "capital_or_revenue": "revenue", "expenditure_basis": "gross",
            "funding_route": "council_tax", "delivery_mode": "contract_private", "amount_gbp": amount, "place_basis": "in",
            "method_grade": "A", "discretion": "local",
        }  # fmt: skip
        folder.file(f"{slug}/count/{YEAR}.csv", _COUNT, [row])
    folder.registry("rates", *(dict(zip(("rate_name", "value", "source"), row, strict=True)) for row in RATES))
