"""The seed of populations: census counts and mid-year estimates by place code.

Contract: a published count wins; a recoded place has the count of its ground; a successor without one has the sum of its parts, and
where both are known they must agree. The table of ages does not name its year: its England total is that of mid-2023, and it is
refused when it is not.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ingest.registry.rebuild.geography import Geography
from ingest.registry.rebuild.tables import Seed, facts, read_csv

PUBLISHED = {
    "census_2011": "ONS: Census 2011 by district on 2021 boundaries",
    "census_2021": "ONS: Census 2021 by district as in the reference table; it sums to 56428400 for England, the "
    "published first results to 56489800",
    "mid_2023": "ONS: mid-2023 estimates by district and age; the table does not name its year, its sum for England 57690323 "
    "is the published estimate of mid-2023, 57690300 to the nearest hundred",
}
MID_2023_ENGLAND = 57_690_323
Count = tuple[str, str, str, int, str]
Counts = dict[tuple[str, str], Count]


def population_seed(geography: Geography, reference: Path) -> Seed:
    """Census counts by place code; raises ValueError when the parts of a successor do not add up to its published figure."""
    counts: Counts = {}
    for row in read_csv(reference / "population_tax" / "ons__census_population_2011_2021_by_lad.csv"):
        if row["lad_code"] in geography.places:
            for vintage in ("census_2011", "census_2021"):
                _put(counts, row["lad_code"], vintage, int(row[f"population_{vintage}"]), PUBLISHED[vintage])
    for row in facts("census_2011_abolished", "place_code population_count"):
        _put(counts, row["place_code"], "census_2011", int(row["population_count"]), row["source"])
    for code, count in _mid_year(reference).items():
        _put(counts, code, "mid_2023", count, PUBLISHED["mid_2023"])
    _carry_over_recodes(counts, geography)
    _sum_parts(counts, geography)
    return Seed("populations", "place_code vintage reference_year population_count source", sorted(counts.values()))


def _mid_year(reference: Path) -> dict[str, int]:
    """Place code -> estimate of mid-2023; raises ValueError when the table sums to another year's England."""
    rows = [row for row in read_csv(reference / "population_tax" / "ons-policyengine__la_age.csv") if row["code"].startswith("E")]
    counts = {row["code"]: round(float(row["all"])) for row in rows}
    if sum(counts.values()) != MID_2023_ENGLAND:
        raise ValueError(f"the table of ages sums to {sum(counts.values())} for England; mid-2023 is {MID_2023_ENGLAND}")
    return counts


def _put(counts: Counts, code: str, vintage: str, count: int, source: str) -> None:
    counts.setdefault((code, vintage), (code, vintage, vintage[-4:], count, source))


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
