"""Which spellings each agency keeps, so that a spelling names one agency at a time.

Contract: spellings seen in ledgers (`facts/ledger_spellings.csv`) are kept, and refused when another body of the same time has
them; generated spellings that another body of the same time could claim are dropped.
"""

from __future__ import annotations

from collections import defaultdict

from ingest.registry.rebuild.agency import Agency
from ingest.registry.rebuild.geography import overlaps
from ingest.registry.rebuild.names import normalised_name
from ingest.registry.rebuild.tables import facts


def settle_aliases(agencies: list[Agency]) -> None:
    """Add spellings seen in ledgers; drop generated aliases that another body of the same time could claim."""
    seen = _add_seen_spellings({agency.slug: agency for agency in agencies})
    claims: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        claims[normalised_name(agency.name)].append(agency)
        for key in {normalised_name(alias) for alias in agency.aliases}:
            claims[key].append(agency)
    for agency in agencies:
        shown = seen[agency.slug]
        kept: dict[str, str] = {}
        for alias in agency.aliases:
            key = normalised_name(alias)
            rivals = [other for other in claims[key] if other is not agency]
            clash = any(overlaps(agency.valid_from, agency.valid_to, r.valid_from, r.valid_to) for r in rivals)
            if clash and key in shown:
                raise ValueError(f"{alias!r} of {agency.slug} is also claimed by {[r.slug for r in rivals]}")
            # A spelling that differs only in what the key drops is kept only where a ledger shows it.
            if clash or (key == normalised_name(agency.name) and key not in shown):
                continue
            kept.setdefault(alias if key in shown else key, alias)
        agency.aliases = list(kept.values())


def _add_seen_spellings(by_slug: dict[str, Agency]) -> dict[str, set[str]]:
    """Slug -> keys of the spellings that ledgers show; each spelling becomes an alias."""
    seen: dict[str, set[str]] = defaultdict(set)
    for row in facts("ledger_spellings", "agency_slug spelling"):
        if row["agency_slug"] not in by_slug:
            raise ValueError(f"facts/ledger_spellings.csv: {row['agency_slug']} is no agency")
        by_slug[row["agency_slug"]].aliases.append(row["spelling"])
        seen[row["agency_slug"]].add(normalised_name(row["spelling"]))
    return seen
