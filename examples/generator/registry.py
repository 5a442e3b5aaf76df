"""The registry of the example: agencies, the places they serve, an area, file dates, a transfer rule.

Belongs here: the rows of `returns/registry/*.csv`, with the columns of the contract ("A folder of returns").
Must not be here: returns.
"""

from __future__ import annotations

from examples.generator.places import (
    AREA,
    AREA_NAME,
    COUNCIL,
    EXAMPLESHIRE,
    FIRE,
    ICB,
    JOBCENTRE,
    NORTHSHIRE,
    PLACE_NAMES,
    POLICE,
    POPULATIONS,
    PROBATION,
    TRUST,
)
from examples.generator.records import ExampleFile, Record, csv_file

# slug, name, type, identifier, aliases, default service (COFOG)
_AGENCIES = (
    (COUNCIL, "Exampleshire Council (synthetic)", "la_unitary", "EX01", "Exampleshire Council", ""),
    (
        ICB,
        "NHS Exampleshire Integrated Care Board (synthetic)",
        "nhs_commissioner",
        "EX02",
        "NHS Exampleshire ICB;Exampleshire ICB",
        "07",
    ),
    (
        TRUST,
        "Exampleshire Hospitals NHS Trust (synthetic)",
        "nhs_provider",
        "EX03",
        "Exampleshire Hospitals NHS Trust;Exampleshire Hospitals Trust",
        "07.3",
    ),
    (
        FIRE,
        "Exampleshire Fire and Rescue (synthetic)",
        "fire",
        "EX04",
        "Exampleshire Fire and Rescue;Exampleshire Fire & Rescue Service",
        "03.2",
    ),
    (JOBCENTRE, "Exampleshire Jobcentre (synthetic)", "dwp", "EX05", "Exampleshire Jobcentre", "10"),
    (POLICE, "Exampleshire Police (synthetic)", "police", "EX06", "Exampleshire Police", "03.1"),
    (PROBATION, "Exampleshire Probation (synthetic)", "justice", "EX07", "Exampleshire Probation", "03.3"),
)

# A blank weight is a share by population among the agency's places: only fire serves two.
_AGENCY_PLACES = (
    (COUNCIL, EXAMPLESHIRE, "", "1", "boundary"),
    (ICB, EXAMPLESHIRE, "", "1", "boundary"),
    (TRUST, EXAMPLESHIRE, "", "1", "boundary"),
    (JOBCENTRE, EXAMPLESHIRE, "", "1", "boundary"),
    (FIRE, EXAMPLESHIRE, "", "", "population"),
    (FIRE, NORTHSHIRE, "", "", "population"),
    (POLICE, NORTHSHIRE, "", "1", "boundary"),
    (PROBATION, NORTHSHIRE, "", "1", "boundary"),
)

APRIL_FIRST = f"{COUNCIL}/April 2024.csv"
APRIL_CORRECTED = f"{COUNCIL}/April 2024 corrected.csv"


def registry_files() -> list[ExampleFile]:
    """Every file under `registry/`."""
    return [
        _table(
            "places",
            "place_code,place_name,place_type,county_name,region_name,valid_from,valid_to",
            [(code, name, "unitary", AREA_NAME, "Synthetic region", "2009-04-01", "") for code, name in PLACE_NAMES.items()],
        ),
        _table(
            "populations",
            "place_code,vintage,reference_year,population_count,source",
            [
                (code, "census_2021", "2021", str(count), "synthetic: invented for the example")
                for code, count in POPULATIONS.items()
            ],
        ),
        _table(
            "agencies",
            "agency_slug,agency_name,agency_type,identifier_scheme,identifier,aliases,default_service_code,"
            "date_order,valid_from,valid_to",
            [
                (slug, name, agency_type, "synthetic", identifier, aliases, service, "dmy", "2009-04-01", "")
                for slug, name, agency_type, identifier, aliases, service in _AGENCIES
            ],
        ),
        _table("agency_places", "agency_slug,place_code,financial_year,weight,driver", _AGENCY_PLACES),
        _table(
            "areas",
            "area_code,area_name,place_code,valid_from,valid_to",
            [(AREA, AREA_NAME, code, "2009-04-01", "") for code in PLACE_NAMES],
        ),
        _table(
            "files",
            "file,period,published_as_at",
            [
                (APRIL_FIRST, "2024-04", "2024-05-20T09:00:00"),
                (APRIL_CORRECTED, "2024-04", "2024-06-18T09:00:00"),
            ],
        ),
        _table(
            "calendar",
            "kind,agency_type,agency_slug,frequency,due_days,grace_days,valid_from,valid_to,source",
            [
                (kind, "", "", frequency, days, grace, "", "2025-04-01", "synthetic: the example ends with March 2025")
                for kind, frequency, days, grace in (
                    ("spend", "quarter", "31", "31"),
                    ("procurement_card", "quarter", "31", "31"),
                    ("count", "financial_year", "183", "92"),
                )
            ],
        ),
        _table(
            "transfer_rules",
            "agency_slug,field,pattern,transfer_kind,counterparty_agency,grade",
            # Named by the words of the description: fire is also paid for training, which is a purchase.
            [(COUNCIL, "description", r"^EFRS.*(precept|pecept|precerpt)", "collection_on_behalf", FIRE, "B")],
        ),
    ]


def _table(name: str, header: str, rows: list[tuple[str, ...]] | tuple[tuple[str, ...], ...]) -> ExampleFile:
    records = [Record(tuple(header.split(",")), "excluded"), *(Record(row) for row in rows)]
    return csv_file(f"registry/{name}.csv", records, line_end="\n")
