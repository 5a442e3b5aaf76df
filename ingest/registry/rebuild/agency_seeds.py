"""The seeds of agencies, their identifiers and the places they serve.

Contract: rows in the order of the slugs; the first identifier of an agency stands in its own row. Dates are read day first unless
`facts/date_orders.csv` says otherwise.
"""

from __future__ import annotations

from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.tables import Seed, facts


def agency_seeds(agencies: list[Agency]) -> list[Seed]:
    """Agencies, their identifiers and the places they serve."""
    date_orders = {row["agency_slug"]: row["date_order"] for row in facts("date_orders", "agency_slug date_order")}
    main: list[tuple[str, ...]] = []
    identifiers: list[tuple[str, str, str]] = []
    places: list[tuple[str, ...]] = []
    for agency in sorted(agencies, key=lambda agency: agency.slug):
        scheme, value = agency.identifiers[0] if agency.identifiers else ("", "")
        main.append(
            (
                agency.slug,
                agency.name,
                agency.kind,
                scheme,
                value,
                ";".join(agency.aliases),
                agency.service,
                date_orders.get(agency.slug, "dmy"),
                agency.valid_from,
                agency.valid_to,
                agency.source,
            )
        )
        identifiers += [(agency.slug, *pair) for pair in agency.identifiers]
        weight = "1" if agency.driver == "boundary" else ""
        places += [(agency.slug, code, "", weight, agency.driver, "", agency.place_source) for code in agency.places]
    return [
        Seed(
            "agencies",
            "agency_slug agency_name agency_type identifier_scheme identifier aliases default_service_code date_order"
            " valid_from valid_to source",
            main,
        ),
        Seed("agency_identifiers", "agency_slug identifier_scheme identifier", identifiers),
        Seed("agency_places", "agency_slug place_code financial_year weight driver driver_vintage source", places),
    ]
