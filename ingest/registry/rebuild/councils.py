"""Principal councils since 2009, from the register of authorities.

Contract: one agency for each council; a recoded place stays one council with two place codes. A district or unitary serves its own
place with all of its money, a county its districts by population.
"""

from __future__ import annotations

import re

from ingest.registry import Row
from ingest.registry.rebuild.agency import Agency, folder_slugs, slug_of
from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.tables import MYSOCIETY, ONS, facts

INITIALS = {
    "County Council": "CC",
    "Metropolitan Borough Council": "MBC",
    "Metropolitan District Council": "MDC",
    "Borough Council": "BC",
    "District Council": "DC",
}


def council_aliases(name: str, nice: str, metropolitan_or_unitary: bool) -> list[str]:
    """Spellings of a council's own name that cannot mean another body."""
    aliases: list[str] = []
    for suffix, initials in INITIALS.items():
        if name.endswith(suffix):
            stem = name.removesuffix(suffix).strip()
            aliases.append(f"{stem} {initials}")
            if suffix.startswith("Metropolitan"):
                aliases += [f"{stem} Borough Council", f"Metropolitan Borough of {stem}"]
            break
    if name.startswith("London Borough of "):
        stem = name.removeprefix("London Borough of ")
        aliases += [f"{stem} Council", f"{stem} London Borough Council", f"LB {stem}"]
    elif metropolitan_or_unitary and not name.endswith("County Council"):
        aliases.append(f"{nice} Council")
        if name.startswith("City of "):
            aliases.append(f"{nice} City Council")
    return [alias for alias in aliases if alias != name]


def official_name(row: Row) -> str:
    """The official name in the register, white space squeezed."""
    return re.sub(r"\s+", " ", row["official-name"]).strip()


def district_councils(geography: Geography) -> list[Agency]:
    """Districts and unitaries: each is all of its place."""
    older = {change.new: change.old for change in geography.changes if change.kind == "recode"}
    newer = {old: new for new, old in older.items()}
    folders = folder_slugs()
    found: list[Agency] = []
    for row in geography.registry:
        code, name = row["gss-code"], official_name(row)
        if code not in geography.places:
            continue
        codes = [c for c in (older.get(code), code, newer.get(code)) if c]
        kind = "la_lower" if code.startswith("E07") else "la_unitary"
        found.append(
            Agency(
                slug=slug_of(name, folders),
                name=name,
                kind=kind,
                identifiers=_ecode(row) + [("gss", c) for c in codes],
                source=MYSOCIETY,
                aliases=council_aliases(name, row["nice-name"], kind == "la_unitary"),
                valid_from=geography.places[codes[0]].valid_from,
                valid_to=geography.places[codes[-1]].valid_to,
                places=codes,
                driver="boundary",
                place_source=ONS,
            )
        )
    return found


def county_councils(geography: Geography) -> list[Agency]:
    """County councils: each serves the districts of its county."""
    rows = {row["gss-code"]: row for row in geography.registry}
    folders = folder_slugs()
    found: list[Agency] = []
    for county in geography.counties:
        row = rows[county.code]
        name = official_name(row)
        found.append(
            Agency(
                slug=slug_of(name, folders),
                name=name,
                kind="la_upper",
                identifiers=[*_ecode(row), ("gss", county.code)],
                source=MYSOCIETY,
                aliases=council_aliases(name, row["nice-name"], False),
                valid_to=county.valid_to,
                places=county.districts,
                place_source=ONS,
            )
        )
    return found


def councils(geography: Geography) -> list[Agency]:
    """Every principal council; the unitary that took over a whole county is still paid under the county's name."""
    agencies = [*district_councils(geography), *county_councils(geography)]
    successors = {row["agency_name"] for row in facts("county_successors", "agency_name")}
    ended = {county.number: county.code for county in geography.counties if county.valid_to}
    names = {row["gss-code"]: row["official-name"] for row in geography.registry}
    for agency in agencies:
        if agency.name in successors and agency.valid_from:
            numbers = {geography.places[code].county_number for code in agency.places}
            agency.aliases += [names[code] for number, code in ended.items() if number in numbers]
    return agencies


def _ecode(row: Row) -> list[tuple[str, str]]:
    return [("ecode", row["ecode"])] if row["ecode"] else []
