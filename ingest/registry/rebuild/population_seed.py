"""The seed of populations: Census counts by place code.

Contract: a published count wins; a recoded place has the count of its ground; a successor without one has the sum of its parts, and
where both are known they must agree.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.tables import Seed, facts, read_csv

PUBLISHED = {
    "2011": "ONS: Census 2011 by district on 2021 boundaries",
    "2021": "ONS: Census 2021 by district as in the reference table; it sums to 56428400 for England, the "
    "published first results to 56489800",
}
Count = tuple[str, str, str, int, str]
Counts = dict[tuple[str, str], Count]


def population_seed(geography: Geography, reference: Path) -> Seed:
    """Census counts by place code; raises ValueError when the parts of a successor do not add up to its published figure."""
    counts: Counts = {}
    for row in read_csv(reference / "population_tax" / "ons__census_population_2011_2021_by_lad.csv"):
        if row["lad_code"] in geography.places:
            for year, source in PUBLISHED.items():
                _put(counts, row["lad_code"], year, int(row[f"population_census_{year}"]), source)
    for row in facts("census_2011_abolished", "place_code population_count"):
        _put(counts, row["place_code"], "2011", int(row["population_count"]), row["source"])
    _carry_over_recodes(counts, geography)
    _sum_parts(counts, geography)
    return Seed("populations", "place_code vintage reference_year population_count source", sorted(counts.values()))


def _put(counts: Counts, code: str, year: str, count: int, source: str) -> None:
    counts.setdefault((code, year), (code, f"census_{year}", year, count, source))


def _carry_over_recodes(counts: Counts, geography: Geography) -> None:
    """The same ground under another code has the same people."""
    for change in geography.changes:
        if change.kind == "recode":
            for year, source in PUBLISHED.items():
                if known := counts.get((change.old, year)) or counts.get((change.new, year)):
                    for code in (change.old, change.new):
                        _put(counts, code, year, known[3], f"{source}; same ground under another code ({known[0]})")


def _sum_parts(counts: Counts, geography: Geography) -> None:
    """A successor has the people of its parts."""
    parts: dict[str, list[str]] = defaultdict(list)
    for change in geography.changes:
        if change.kind == "merge":
            parts[change.new].append(change.old)
    for new, old_codes in parts.items():
        for year, source in PUBLISHED.items():
            if all((old, year) in counts for old in old_codes):
                total = sum(counts[old, year][3] for old in old_codes)
                _put(counts, new, year, total, f"{source}; sum of {' '.join(old_codes)}")
                if counts[new, year][3] != total:
                    raise ValueError(f"{new} {year}: {counts[new, year][3]} published, its parts sum to {total}")
