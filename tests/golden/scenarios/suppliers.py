"""Two ledgers that name the same suppliers differently. Place X98550001, agencies `suppliers-...`."""

from __future__ import annotations

from .folder import ReturnsFolder

PLACE = "X98550001"
# what each agency writes, in pounds that are told apart by their amount
LEDGERS = {
    "suppliers-council": [
        ("Zennor Quay Catering Limited", "1.00"),
        ("Porthmeor Facilities Management LLP", "2.00"),
        ("Hayle Academy (Leeds)", "4.00"),
        ("Redacted personal data", "8.00"),
        ("Morvah Signs Ltd", "16.00"),
        ("Lelant Lifts Ltd", "32.00"),
    ],
    "suppliers-police": [
        ("ZENNOR QUAY CATERINNG LTD.", "64.00"),
        ("Porthmeor Facilities Mgmt L.L.P. [200398]", "128.00"),
        ("Hayle Academy (Leicester)", "256.00"),
        ("Gulval Print Ltd", "512.00"),
        ("LELANT LIFTS LIMITED", "1024.00"),
    ],
}
DECISIONS = [
    ("Morvah Signs Ltd", "Gulval Print Ltd", "merge", "renamed in 2023"),
    ("Lelant Lifts Ltd", "LELANT LIFTS LIMITED", "never", "two firms of one name"),
]
_COLUMNS = "Date,Supplier,Reference,Amount".split(",")


def add(folder: ReturnsFolder) -> None:
    """Write registry and returns."""
    folder.registry("places", {"place_code": PLACE, "place_name": "Supplier place (synthetic)", "place_type": "unitary"})
    for slug, kind in (("suppliers-council", "la_unitary"), ("suppliers-police", "police")):
        folder.registry("agencies", {"agency_slug": slug, "agency_name": f"{slug} (synthetic)", "agency_type": kind})
        folder.registry("agency_places", {"agency_slug": slug, "place_code": PLACE, "weight": "1", "driver": "boundary"})
        lines = [("03/06/2024", name, f"R{place}", amount) for place, (name, amount) in enumerate(LEDGERS[slug])]
        folder.file(f"{slug}/june 2024.csv", _COLUMNS, [dict(zip(_COLUMNS, line, strict=True)) for line in lines])
    columns = ("name_a", "name_b", "decision", "reason")
    folder.registry("supplier_links", *(dict(zip(columns, row, strict=True)) for row in DECISIONS))
