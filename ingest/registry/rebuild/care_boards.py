"""Integrated care boards and the districts they serve.

Contract: a board serves a district in which it has at least a fifth of the registered patients, unless
`facts/care_board_areas.csv` gives its area.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.names import slugify
from ingest.registry.rebuild.tables import date_of, facts, read_csv

SERVICE = "07"
MINIMUM_SHARE = 0.2  # of the registered patients of a district: below it, a practice list crosses a boundary
SOURCE = "GP practices of the NHS England allocation tool: districts with 20% of their patients in the board"


def registered_patients(geography: Geography, reference: Path) -> dict[str, dict[str, float]]:
    """Place code -> ODS code of the board -> patients of practices there; a successor has the patients of its parts."""
    patients: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in read_csv(reference / "nhs_reference" / "nhs-england-allocations__2024_2025.csv"):
        patients[row["LAD21"]][row["ICS22"]] += float(row["pop 2022/23"] or 0)
    for new in [p.code for p in geography.places.values() if p.code not in patients]:
        for change in geography.changes:
            if change.new == new and change.old in patients:
                for board, count in patients[change.old].items():
                    patients[new][board] += count
    return patients


def districts_served(geography: Geography, reference: Path) -> dict[str, list[str]]:
    """ODS code of the board -> place codes."""
    served: dict[str, list[str]] = defaultdict(list)
    for code, boards in registered_patients(geography, reference).items():
        for board, count in boards.items():
            if count >= MINIMUM_SHARE * sum(boards.values()):
                served[board].append(code)
    return served


def care_boards(geography: Geography, reference: Path) -> list[Agency]:
    """Every integrated care board."""
    first_day = date_of("integrated_care_boards")
    served = districts_served(geography, reference)
    sources: dict[str, str] = {}
    for row in facts("care_board_areas", "ods area"):
        served[row["ods"]] = geography.resolve(row["area"])
        sources[row["ods"]] = row["source"]
    agencies: list[Agency] = []
    for row in read_csv(reference / "nhs_reference" / "ons__icb_names_codes_dec_2024.csv"):
        name, board = row["ICB24NM"], row["ICB24CDH"]
        short = name.replace("Integrated Care Board", "ICB")
        agencies.append(
            Agency(
                slug=slugify(name),
                name=name,
                kind="nhs_commissioner",
                identifiers=[("gss", row["ICB24CD"]), ("ods", board)],
                source="ONS ICB names and codes",
                aliases=[short, short.removeprefix("NHS "), name.removeprefix("NHS ")],
                service=SERVICE,
                valid_from=first_day,
                places=[p.code for p in geography.within(sorted(served[board]), first_day, "")],
                place_source=sources.get(board, SOURCE),
            )
        )
    return agencies
