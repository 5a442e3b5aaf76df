"""The golden count of the specification as a folder of returns, once per case: four places, agencies named per case.

The table is money.md section 2, in £ million; the four cases are the four answers printed below it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .folder import ReturnsFolder

MILLION = 1_000_000
BODIES = {
    "council": "la_unitary", "icb": "nhs_commissioner", "trust": "nhs_provider", "fire": "fire", "dwp": "dwp",
}  # fmt: skip
COLUMNS = (
    "agency_slug financial_year place_code flow service_code economic_type capital_or_revenue expenditure_basis funding_route"
    " delivery_mode transfer_kind counterparty_agency counterparty_name amount_gbp place_basis method_grade"
).split()


@dataclass(frozen=True)
class Case:
    """`absent`: the body whose return is missing; `net_council`: the council reports net of the pooled 20 it received."""

    name: str
    absent: str = ""
    net_council: bool = False

    @property
    def place_code(self) -> str:
        return f"X9900000{CASES.index(self) + 1}"

    def slug(self, body: str) -> str:
        return f"{self.name}-{body}"


CASES = (Case("whole"), Case("notrust", absent="trust"), Case("nofire", absent="fire"), Case("net", net_council=True))


def add(folder: ReturnsFolder) -> None:
    """Write registry and `count` returns of all cases."""
    for case in CASES:
        name = f"Golden {case.name} (synthetic)"
        folder.registry("places", {"place_code": case.place_code, "place_name": name, "place_type": "unitary"})
        for body, kind in BODIES.items():
            slug = case.slug(body)
            folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{name} {body}", "agency_type": kind})
            folder.registry(
                "agency_places", {"agency_slug": slug, "place_code": case.place_code, "weight": "1", "driver": "boundary"}
            )
            if body != case.absent:
                folder.file(f"{slug}/count/2024-25.csv", COLUMNS, _rows(case, body))


def _rows(case: Case, body: str) -> list[dict[str, str]]:
    net = case.net_council and body == "council"
    outlays = {
        "council": [
            ("pay", 60, "", ""), ("goods_services", 113 if net else 133, "", ""), ("transfer_public", 40, "", ""),
            ("grant", 5, "", ""), ("transfer_public", 12, "collection_on_behalf", "fire"),
        ],
        "icb": [
            ("goods_services", 200, "purchase", "trust"), ("goods_services", 60, "", ""), ("goods_services", 20, "", ""),
            ("transfer_public", 20, "pooled", "council"),
        ],
        "trust": [("pay", 150, "", ""), ("goods_services", 60, "", "")],
        "fire": [("pay", 22, "", "")],
        "dwp": [("benefit_transfer", 150, "", ""), ("pay", 5, "", "")],
    }[body]  # fmt: skip
    income = {
        "council": [("schools_grant", 100, ""), ("unringfenced_grant", 50, ""), ("council_tax", 80, "")]
        + ([] if net else [("pooled", 20, "icb")]),
        "icb": [("nhs_allocation", 300, "")],
        "trust": [("nhs_contract", 200, "icb"), ("nhs_contract", 10, "")],
        "fire": [("precept_levy", 12, "council"), ("unringfenced_grant", 10, "")],
        "dwp": [("central_direct", 155, "")],
    }[body]
    base = {
        "agency_slug": case.slug(body), "financial_year": "2024-25", "place_code": case.place_code, "place_basis": "in",
        "capital_or_revenue": "revenue", "expenditure_basis": "net" if net else "gross", "method_grade": "A",
    }  # fmt: skip
    rows = [
        base | {"flow": "outlay", "economic_type": kind, "amount_gbp": f"{amount * MILLION}.00", "transfer_kind": transfer,
                "counterparty_agency": case.slug(to) if to else ""}
        for kind, amount, transfer, to in outlays
    ]  # fmt: skip
    rows += [
        base | {"flow": "income", "funding_route": route, "amount_gbp": f"{amount * MILLION}.00",
                "counterparty_agency": case.slug(source) if source else ""}
        for route, amount, source in income
    ]  # fmt: skip
    return rows
