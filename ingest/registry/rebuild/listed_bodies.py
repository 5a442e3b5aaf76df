"""Bodies that facts list one by one: joint and combined authorities, national bodies, trusts and groups, parish councils.

Contract: one agency for each row of the files below, which all have the same columns. `identifiers` are scheme:value and `aliases`
are names, both between semicolons; `source` is of the body, `place_source` of its area; a body without an area serves no place.
"""

from __future__ import annotations

from ingest.registry import Row
from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.names import split
from ingest.registry.rebuild.tables import facts

FILES = ("joint_authorities", "combined_authorities", "national_bodies", "health_bodies", "parish_councils")
COLUMNS = (
    "agency_slug agency_name agency_type identifiers aliases default_service_code area driver valid_from valid_to place_source"
)


def identifiers_of(row: Row) -> list[tuple[str, str]]:
    """(scheme, value) pairs of a row."""
    pairs = [identifier.partition(":") for identifier in split(row["identifiers"])]
    return [(scheme, value) for scheme, _, value in pairs]


def combined_authorities() -> list[Row]:
    """The facts of the combined authorities."""
    return facts("combined_authorities", COLUMNS)


def listed_bodies(geography: Geography) -> list[Agency]:
    """Every body that is a row of a file of facts."""
    return [
        Agency(
            slug=row["agency_slug"],
            name=row["agency_name"],
            kind=row["agency_type"],
            identifiers=identifiers_of(row),
            source=row["source"],
            aliases=split(row["aliases"]),
            service=row["default_service_code"],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            places=geography.codes_within(row["area"], row["valid_from"], row["valid_to"]),
            driver=row["driver"],
            place_source=row["place_source"],
        )
        for name in FILES
        for row in facts(name, COLUMNS)
    ]
