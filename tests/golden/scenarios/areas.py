"""Areas: two places that trade with each other, an agency over both, one that is missing, drivers of every grade.

Written in whole pounds. The area X98-PAIR holds both places, X98-WHOLE the place of the golden count alone.
"""

from __future__ import annotations

from .folder import ReturnsFolder
from .golden_count import CASES

YEAR = "2024-25"
NORTH, SOUTH = "X98000001", "X98000002"
POPULATIONS = {NORTH: 1000, SOUTH: 3000}
COLUMNS = (
    "agency_slug financial_year place_code flow economic_type capital_or_revenue expenditure_basis funding_route transfer_kind"
    " counterparty_agency amount_gbp"
).split()
# agency -> (type, place -> weight, driver, vintage)
AGENCIES = {
    "pair-north": ("la_unitary", {NORTH: "1"}, "boundary", ""),
    "pair-south": ("la_unitary", {SOUTH: "1"}, "boundary", ""),
    "pair-fire": ("fire", {NORTH: "0.6", SOUTH: "0.4"}, "tax_base", "2024-25"),
    "pair-trust": ("nhs_provider", {NORTH: "", SOUTH: ""}, "population", ""),
    "pair-benefits": ("dwp", {NORTH: "0.3", SOUTH: "0.2"}, "claimants_universal_credit", "2024-05"),
    "pair-schools": ("education", {NORTH: "0.25", SOUTH: "0.75"}, "service_pupils", "2024-01"),
    "pair-people": ("arms_length_body", {NORTH: "", SOUTH: ""}, "population", ""),
    "pair-national": ("central_department", {}, "", ""),
}
# agency -> (pounds, transfer_kind, counterparty, recorded place)
OUTLAYS = {
    "pair-north": [(100, "", "", ""), (20, "purchase", "pair-south", ""), (12, "collection_on_behalf", "pair-fire", "")],
    "pair-south": [(200, "", "", ""), (5, "grant", "pair-north", ""), (7, "purchase", "pair-trust", "")],
    "pair-fire": [(50, "", "", "")],
    "pair-benefits": [(1000, "", "", "")],
    "pair-schools": [(400, "", "", "")],
    "pair-people": [(400, "", "", "")],
    "pair-national": [(90, "", "", ""), (10, "", "", NORTH), (30, "grant", "pair-south", "")],
}


def add(folder: ReturnsFolder) -> None:
    """Write registry and `count` returns."""
    for code, population in POPULATIONS.items():
        folder.registry("places", {"place_code": code, "place_name": f"Pair {code} (synthetic)", "place_type": "unitary"})
        folder.registry("areas", {"area_code": "X98-PAIR", "area_name": "Pair (synthetic)", "place_code": code})
        folder.registry(
            "populations",
            {"place_code": code, "vintage": "mid_2024", "reference_year": "2024", "population_count": str(population),
             "source": "invented"},
        )  # fmt: skip
    folder.registry("areas", {"area_code": "X98-WHOLE", "area_name": "Whole (synthetic)", "place_code": CASES[0].place_code})
    for slug, (kind, places, driver, vintage) in AGENCIES.items():
        folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind})
        for code, weight in places.items():
            link = {"agency_slug": slug, "place_code": code, "weight": weight, "driver": driver, "driver_vintage": vintage}
            folder.registry("agency_places", link)
    for slug, outlays in OUTLAYS.items():
        base = {
            "agency_slug": slug, "financial_year": YEAR, "flow": "outlay", "economic_type": "goods_services",
            "capital_or_revenue": "revenue", "expenditure_basis": "gross",
        }  # fmt: skip
        rows = [
            base | {"amount_gbp": f"{amount}.00", "transfer_kind": kind, "counterparty_agency": payee, "place_code": place}
            for amount, kind, payee, place in outlays
        ]
        folder.file(f"{slug}/count/{YEAR}.csv", COLUMNS, rows)
