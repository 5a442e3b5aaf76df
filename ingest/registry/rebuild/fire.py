"""Combined and metropolitan fire and rescue authorities, from `facts/fire_areas.csv`.

Contract: one agency for each row; county fire services are inside their council.
"""

from __future__ import annotations

from ingest.registry.rebuild.agency import Agency, folder_slugs, slug_of
from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.tables import facts

SERVICE = "03.2"


def fire_aliases(name: str) -> list[str]:
    """Spellings of the fire authority of an area."""
    return [
        f"{name} Fire and Rescue Service",
        f"{name} Fire and Rescue",
        f"{name} Fire Authority",
        f"{name} Combined Fire Authority",
        f"{name} Combined Fire and Rescue Authority",
    ]


def fire(geography: Geography) -> list[Agency]:
    """Every fire and rescue authority that is a body of its own."""
    folders = folder_slugs()
    agencies: list[Agency] = []
    for row in facts("fire_areas", "area_name ecode area valid_from valid_to place_source"):
        name = f"{row['area_name']} Fire and Rescue Authority"
        agencies.append(
            Agency(
                slug=slug_of(name, folders),
                name=name,
                kind="fire",
                identifiers=[("ecode", row["ecode"])] if row["ecode"] else [],
                source=row["source"],
                aliases=fire_aliases(row["area_name"]),
                service=SERVICE,
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
                places=geography.codes_within(row["area"], row["valid_from"], row["valid_to"]),
                place_source=row["place_source"],
            )
        )
    return agencies
