"""The seed of areas: pilot areas, light-touch areas, combined authorities and counties as dated groups of places.

Contract: a place is in an area for the days on which both are valid.
"""

from __future__ import annotations

from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.listed_bodies import combined_authorities, identifiers_of
from ingest.registry.rebuild.tables import ONS, Seed, date_of, facts

AreaRow = tuple[str, str, str, str, str, str, str]


def members(
    geography: Geography, code: str, name: str, kind: str, area: str, period: tuple[str, str], source: str
) -> list[AreaRow]:
    """The places of an area, each for the days on which both are valid."""
    start, end = period
    return [
        (
            code,
            name,
            kind,
            place.code,
            max(place.valid_from, start),
            min((d for d in (place.valid_to, end) if d), default=""),
            source,
        )
        for place in geography.within(geography.resolve(area), start, end)
    ]


def county_members(geography: Geography) -> list[AreaRow]:
    """The districts of each county council."""
    first_day = date_of("places")
    return [
        (county.code, county.name, "county", place.code, place.valid_from, place.valid_to or county.valid_to, ONS)
        for county in geography.counties
        for place in geography.within(county.districts, first_day, county.valid_to)
    ]


def area_seed(geography: Geography) -> Seed:
    """Every area with its places; a combined authority is an area once it has a GSS code."""
    rows: list[AreaRow] = []
    for row in facts("pilot_areas", "area_code area_name area_kind area valid_from valid_to"):
        period = row["valid_from"], row["valid_to"]
        rows += members(geography, row["area_code"], row["area_name"], row["area_kind"], row["area"], period, row["source"])
    for row in combined_authorities():
        if code := dict(identifiers_of(row)).get("gss"):
            period = row["valid_from"], row["valid_to"]
            rows += members(geography, code, row["agency_name"], row["agency_type"], row["area"], period, row["source"])
    rows += county_members(geography)
    return Seed("areas", "area_code area_name area_kind place_code valid_from valid_to source", rows)
