"""A body that spends, as every module of this package makes it, and the slug that it goes by.

Contract: a slug is made from the official name, unless `facts/folder_slugs.csv` names another (the folder of its returns).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.registry.rebuild.names import slugify
from ingest.registry.rebuild.tables import facts


@dataclass
class Agency:
    """One body that spends; `places` are the place codes it serves, all of its money where the driver is `boundary`."""

    slug: str
    name: str
    kind: str
    identifiers: list[tuple[str, str]]
    source: str
    aliases: list[str] = field(default_factory=list[str])
    service: str = ""
    valid_from: str = ""
    valid_to: str = ""
    places: list[str] = field(default_factory=list[str])
    driver: str = "population"
    place_source: str = ""


def folder_slugs() -> dict[str, str]:
    """Official name -> slug, where the folder of the agency's returns is not named after it."""
    return {row["agency_name"]: row["agency_slug"] for row in facts("folder_slugs", "agency_name agency_slug")}


def slug_of(name: str, folders: dict[str, str]) -> str:
    """The slug of an official name."""
    return folders.get(name, slugify(name))
