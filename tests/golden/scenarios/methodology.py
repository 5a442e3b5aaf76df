"""What the methodology page works out beside the golden count: layers, a division in thirds, real terms, overlap.

Places X9866..., agencies `worked-...`.
"""

from __future__ import annotations

from .folder import ReturnsFolder
from .golden_count import COLUMNS, MILLION

YEAR = "2024-25"
OVERLAP, POOLED, THIRDS = "X98660001", "X98660002", ("X98660011", "X98660012", "X98660013")
_SPEND = "Date,Supplier,Reference,Amount".split(",")


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns."""
    for code in (OVERLAP, POOLED, *THIRDS):
        name = f"Worked place {code[-2:]} (synthetic)"
        folder.registry("places", {"place_code": code, "place_name": name, "place_type": "unitary"})
        folder.registry(
            "populations",
            {
                "place_code": code,
                "vintage": "census_2021",
                "reference_year": "2021",
                "population_count": "100000",
                "source": "synthetic",
            },
        )
    for place, is_pooled in ((OVERLAP, False), (POOLED, True)):
        _overlap(folder, place, is_pooled)
    _thirds(folder)
    _layers(folder)


def _agency(folder: ReturnsFolder, slug: str, kind: str, *places: str, driver: str = "boundary") -> None:
    folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind})
    for place in places:
        weight = "1" if len(places) == 1 else ""
        folder.registry("agency_places", {"agency_slug": slug, "place_code": place, "weight": weight, "driver": driver})


def _outlay(slug: str, amount: str, **more: str) -> dict[str, str]:
    return {
        "agency_slug": slug, "financial_year": YEAR, "flow": "outlay", "amount_gbp": amount, "capital_or_revenue": "revenue",
        "expenditure_basis": "gross", "service_code": "07.3", **more,
    }  # fmt: skip


def _overlap(folder: ReturnsFolder, place: str, is_pooled: bool) -> None:
    slugs = {body: f"worked-{body}-{'pooled' if is_pooled else 'apart'}" for body in ("council", "icb", "fire")}
    kinds = {"council": "la_unitary", "icb": "nhs_commissioner", "fire": "fire"}
    for body, amount in (("council", "3.0"), ("icb", "2.0"), ("fire", "0.5")):
        _agency(folder, slugs[body], kinds[body], place)
        pooled = {"transfer_kind": "pooled", "counterparty_agency": slugs["council"]} if is_pooled and body == "icb" else {}
        row = _outlay(
            slugs[body], f"{int(float(amount) * MILLION)}.00", place_code=place, place_basis="in", method_grade="A", **pooled
        )
        folder.file(f"{slugs[body]}/count/{YEAR}.csv", COLUMNS, [row])


def _thirds(folder: ReturnsFolder) -> None:
    _agency(folder, "worked-thirds", "fire", *THIRDS, driver="population")
    folder.file(f"worked-thirds/count/{YEAR}.csv", COLUMNS, [_outlay("worked-thirds", "100.00")])


def _layers(folder: ReturnsFolder) -> None:
    """An account of 2023-24 and the ledger of one of its months."""
    slug = "worked-layers"
    _agency(folder, slug, "la_unitary", THIRDS[0])
    row = _outlay(slug, "1000000.00", place_code=THIRDS[0], place_basis="in", method_grade="A") | {"financial_year": "2023-24"}
    folder.file(f"{slug}/count/2023-24.csv", COLUMNS, [row])
    lines = [("03/06/2023", "Acme Paving Ltd", "R1", "150000.00"), ("10/06/2023", "Bolt Roofing Ltd", "R2", "100000.00")]
    folder.file(f"{slug}/june 2023.csv", _SPEND, [dict(zip(_SPEND, line, strict=True)) for line in lines])
