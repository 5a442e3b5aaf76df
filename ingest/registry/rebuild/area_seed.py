"""The seeds of areas: pilot and light-touch areas, combined authorities, counties, police, fire and care board areas as dated
groups of places, and what the light-touch areas were allocated.

Contract: a place is in an area for the days on which both are valid.
"""

from __future__ import annotations

from ingest.registry.rebuild.agency import Agency
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


def care_board_members(geography: Geography, agencies: list[Agency]) -> list[AreaRow]:
    """The districts of each integrated care board, under the board's own GSS code."""
    rows: list[AreaRow] = []
    for board in agencies:
        code = dict(board.identifiers).get("gss", "")
        if code.startswith("E54"):
            rows += [
                (
                    code,
                    board.name,
                    "care_board",
                    place.code,
                    max(place.valid_from, board.valid_from),
                    place.valid_to,
                    board.place_source,
                )
                for place in geography.within(sorted(board.places), board.valid_from, board.valid_to)
            ]
    return rows


def area_seeds(geography: Geography, agencies: list[Agency]) -> list[Seed]:
    """Every area with its places, and allocations; a combined authority is an area once it has a GSS code."""
    rows: list[AreaRow] = []
    for file in ("pilot_areas", "service_areas"):
        for row in facts(file, "area_code area_name area_kind area valid_from valid_to"):
            period = row["valid_from"], row["valid_to"]
            rows += members(geography, row["area_code"], row["area_name"], row["area_kind"], row["area"], period, row["source"])
    for row in combined_authorities():
        if code := dict(identifiers_of(row)).get("gss"):
            period = row["valid_from"], row["valid_to"]
            rows += members(geography, code, row["agency_name"], row["agency_type"], row["area"], period, row["source"])
    rows += county_members(geography)
    rows += care_board_members(geography, agencies)
    columns = "area_code allocation_name amount_gbp vintage source"
    allocations = [[row[name] for name in columns.split()] for row in facts("area_allocations", columns)]
    return [
        Seed("areas", "area_code area_name area_kind place_code valid_from valid_to source", rows),
        Seed("area_allocations", columns, allocations),
    ]
