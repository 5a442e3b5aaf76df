"""Places that changed: returns on both sides of the reorganisations of Dorset, Cumbria and Gateshead.

The places and their changes are the shipped ones; the agencies are synthetic. `PENCE` has every amount by agency and year.
"""

from __future__ import annotations

from decimal import Decimal

from .folder import ReturnsFolder

COLUMNS = (
    "agency_slug financial_year flow economic_type capital_or_revenue expenditure_basis transfer_kind counterparty_agency"
    " amount_gbp"
).split()
# agency -> (type, places it serves as `code:weight:driver:vintage`, first and last day)
AGENCIES = {
    "hist-bournemouth": ("la_unitary", ["E06000028:1:boundary:"], "", "2019-04-01"),
    "hist-poole": ("la_unitary", ["E06000029:1:boundary:"], "", "2019-04-01"),
    "hist-christchurch": ("la_lower", ["E07000048:1:boundary:"], "", "2019-04-01"),
    "hist-bcp": ("la_unitary", ["E06000058:1:boundary:"], "2019-04-01", ""),
    "hist-cumbria-county": (
        "la_upper", [f"E070000{number}::population:" for number in range(26, 32)], "", "2023-04-01",
    ),
    "hist-cumberland": ("la_unitary", ["E06000063:1:boundary:"], "2023-04-01", ""),
    "hist-westmorland": ("la_unitary", ["E06000064:1:boundary:"], "2023-04-01", ""),
    # The precept of 2025-26, divided by what the places can be taxed for and by the people who live there.
    "hist-cumbria-fire": ("fire", ["E06000063:0.494:tax_base:2025-26", "E06000064:0.506:tax_base:2025-26"], "2023-04-01", ""),
    "hist-cumbria-fire-by-people": (
        "fire", ["E06000063:0.549:population:mid_2024", "E06000064:0.451:population:mid_2024"], "2023-04-01", "",
    ),
    # Linked to today's code alone.
    "hist-gateshead": ("la_unitary", ["E08000037:1:boundary:"], "", ""),
}  # fmt: skip
PENCE = {
    ("hist-bournemouth", "2018-19"): 100_00,
    ("hist-poole", "2018-19"): 80_00,
    ("hist-christchurch", "2018-19"): 30_00,
    ("hist-bcp", "2019-20"): 215_05,
    ("hist-cumbria-county", "2022-23"): 1_000_000_01,
    ("hist-cumberland", "2023-24"): 600_01,
    ("hist-westmorland", "2023-24"): 400_02,
    ("hist-cumbria-fire", "2025-26"): 1_000_000_00,
    ("hist-cumbria-fire-by-people", "2025-26"): 1_000_000_00,
    ("hist-gateshead", "2012-13"): 70_07,
    ("hist-gateshead", "2013-14"): 71_08,
}
# Christchurch buys from Bournemouth: outside its place, inside the place that both became.
PURCHASE_PENCE = 10_01


def add(folder: ReturnsFolder) -> None:
    """Write registry and `count` returns of every agency and year."""
    for slug, (kind, places, valid_from, valid_to) in AGENCIES.items():
        row = {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind}
        folder.registry("agencies", row | {"valid_from": valid_from, "valid_to": valid_to})
        for place in places:
            code, weight, driver, vintage = place.split(":")
            link = {"agency_slug": slug, "place_code": code, "weight": weight, "driver": driver, "driver_vintage": vintage}
            folder.registry("agency_places", link)
    for (slug, year), pence in PENCE.items():
        rows = [_row(slug, year, pence, "goods_services")]
        if slug == "hist-christchurch":
            bought = {"transfer_kind": "purchase", "counterparty_agency": "hist-bournemouth"}
            rows.append(_row(slug, year, PURCHASE_PENCE, "transfer_public") | bought)
        folder.file(f"{slug}/count/{year}.csv", COLUMNS, rows)


def _row(slug: str, year: str, pence: int, economic_type: str) -> dict[str, str]:
    return {
        "agency_slug": slug, "financial_year": year, "flow": "outlay", "economic_type": economic_type,
        "capital_or_revenue": "revenue", "expenditure_basis": "gross", "amount_gbp": str(Decimal(pence) / 100),
    }  # fmt: skip
