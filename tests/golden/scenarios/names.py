"""An agency of the folder with a name that a shipped one has, a registry row that is not in force, and one file in two folders."""

from __future__ import annotations

from .folder import ReturnsFolder

PLACE, RENAMED_PLACE = "X98011001", "X98011002"
LEDGER = ("Payment Date", "Supplier", "Description", "Amount")


def add(folder: ReturnsFolder) -> None:
    """`names-payer` pays Barnsley MBC 40 and a stranger 10; the folder's `names-taker` calls itself Barnsley MBC too. The folder
    `names-before` was renamed to `names-now`: its ledger of 7 lies in both."""
    folder.registry(
        "places",
        {"place_code": PLACE, "place_name": "Case names (synthetic)", "place_type": "unitary"},
        {"place_code": RENAMED_PLACE, "place_name": "Case renamed (synthetic)", "place_type": "unitary"},
    )
    for slug, name in (
        ("names-payer", "names-payer (synthetic)"), ("names-taker", "Barnsley MBC"), ("names-before", "names-before (synthetic)"),
        ("names-now", "names-now (synthetic)"), ("Names Of A Person", "names-typo (synthetic)"),
    ):  # fmt: skip
        folder.registry("agencies", {"agency_slug": slug, "agency_name": name, "agency_type": "la_unitary"})
    for slug, place in (
        ("names-payer", PLACE),
        ("names-taker", PLACE),
        ("names-before", RENAMED_PLACE),
        ("names-now", RENAMED_PLACE),
    ):
        folder.registry("agency_places", {"agency_slug": slug, "place_code": place, "weight": "1", "driver": "boundary"})
    _ledger(folder, "names-payer", ("01/05/2024", "Barnsley MBC", "Care", "40.00"), ("02/05/2024", "Alpha Ltd", "Ink", "10.00"))
    for slug in ("names-before", "names-now"):
        _ledger(folder, slug, ("03/05/2024", "Alpha Ltd", "Paper", "7.00"))


def _ledger(folder: ReturnsFolder, slug: str, *lines: tuple[str, ...]) -> None:
    folder.file(f"{slug}/spend/2024-05.csv", LEDGER, [dict(zip(LEDGER, line, strict=True)) for line in lines])
