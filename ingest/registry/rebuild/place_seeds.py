"""The seeds of places and of their changes.

Contract: one row for each place code, and one for money that has no place; a change gives all of the old place to the new one.
"""

from __future__ import annotations

from ingest.registry.rebuild.geography import PLACE_TYPES, Geography
from ingest.registry.rebuild.tables import Seed, facts


def place_seeds(geography: Geography) -> list[Seed]:
    """Places and their changes."""
    shire = {county.number: county.name for county in geography.counties}
    metropolitan = {row["county_number"]: row["county_name"] for row in facts("metropolitan_counties", "county_number county_name")}
    county_names = {
        "non_metropolitan_district": shire,
        "metropolitan_district": metropolitan,
        "london_borough": metropolitan,
    }
    rows: list[tuple[str, ...]] = []
    for place in sorted(geography.places.values(), key=lambda p: p.code):
        kind = PLACE_TYPES[place.code[:3]]
        county = county_names[kind][place.county_number] if kind in county_names else ""
        rows.append((place.code, place.name, kind, county, place.region, place.valid_from, place.valid_to))
    rows.append(("UNALLOCATED", "Not allocated to a place", "unallocated", "", "", "", ""))
    changes = [(c.old, c.new, c.kind, c.date, "1", "whole_place", c.date, c.source) for c in geography.changes]
    return [
        Seed("places", "place_code place_name place_type county_name region_name valid_from valid_to", rows),
        Seed(
            "place_changes",
            "from_place_code to_place_code change_kind change_date weight weight_basis vintage source",
            changes,
        ),
    ]
