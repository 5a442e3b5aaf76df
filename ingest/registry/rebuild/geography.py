"""Places with their dates and changes, and the short notation for areas.

Contract: every district and unitary code since 1 April 2009, with half-open dates, blank when open. The hand-kept dates must agree
with the published register of authorities.

The E-code of an authority starts with its historic county (`E23..` Lancashire), and every force, fire and county area is a set of
such counties. So the `area` of a fact is a list, between blanks, of: `23` all of a historic county; `D23` its non-metropolitan
districts only; `E06000008` a place, with the codes that later stand on its ground; `E92000001` all England.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ingest.registry import Row
from ingest.registry.rebuild.tables import facts, read_csv

PLACE_TYPES = {
    "E06": "unitary",
    "E07": "non_metropolitan_district",
    "E08": "metropolitan_district",
    "E09": "london_borough",
}
ENGLAND = "E92000001"


@dataclass(frozen=True)
class Place:
    """One district or unitary code; dates are half-open and blank when open."""

    code: str
    name: str
    region: str
    county_number: str
    valid_from: str
    valid_to: str


class Change(NamedTuple):
    """A code that another replaced (`recode`: the same ground, `merge`: a part of it) on a date."""

    old: str
    new: str
    kind: str
    date: str
    source: str


class County(NamedTuple):
    """A county council's area: the districts of a historic county; `valid_to` is blank while the council stands."""

    code: str
    number: str
    name: str
    valid_to: str
    districts: list[str]


def overlaps(from_a: str, to_a: str, from_b: str, to_b: str) -> bool:
    """Do two half-open periods share a day? Blank is open."""
    return (not to_a or not from_b or from_b < to_a) and (not to_b or not from_a or from_a < to_b)


class Geography:
    """Places with their changes; `resolve` turns the area of a fact into place codes."""

    def __init__(self, reference: Path) -> None:
        folder = reference / "reference_geography"
        lookup = [row for row in read_csv(folder / "drkane__la_all_codes.csv") if row["LADCD"][:3] in PLACE_TYPES]
        registry = read_csv(folder / "mysociety__uk_local_authorities.csv")
        self.registry = [row for row in registry if row["nation"] == "England"]
        self.changes = [
            Change(row["from_place_code"], row["to_place_code"], row["change_kind"], row["change_date"], row["source"])
            for row in facts("place_changes", "change_date change_kind from_place_code to_place_code")
        ]
        starts = {row["place_code"]: row["valid_from"] for row in facts("places_formed", "place_code valid_from")}
        starts |= {change.new: change.date for change in self.changes}
        ends = {change.old: change.date for change in self.changes}
        number = self._county_numbers()
        self.places: dict[str, Place] = {}
        for row in lookup:
            code = row["LADCD"]
            self.places[code] = Place(code, row["LADNM"], row["RGNNM"], number[code], starts.get(code, ""), ends.get(code, ""))
        self._check_against_registry(ends)

    def _county_numbers(self) -> dict[str, str]:
        """Place code -> historic county: from the E-code, or from the facts where the last E-codes are older than the place."""
        number = {row["gss-code"]: row["ecode"][1:3] for row in self.registry if row["ecode"]}
        number |= {row["place_code"]: row["county_number"] for row in facts("place_counties", "place_code county_number")}
        for change in self.changes:
            if change.kind == "recode":
                known = number.get(change.old) or number[change.new]
                number[change.old] = number[change.new] = known
        return number

    def _check_against_registry(self, ends: dict[str, str]) -> None:
        """The hand-kept dates must agree with the published ones once 31 March is read as 1 April."""
        for row in self.registry:
            code, end = row["gss-code"], abolished(row)
            if code in self.places and end and ends.get(code) != end:
                raise ValueError(f"{code} ends {row['end-date']} in the registry, {ends.get(code)} here")

    @property
    def counties(self) -> list[County]:
        """The areas of county councils."""
        found: list[County] = []
        for row in self.registry:
            if row["gss-code"].startswith("E10"):
                number, name = row["ecode"][1:3], row["nice-name"].removesuffix(" County")
                found.append(County(row["gss-code"], number, name, abolished(row), self._districts(number)))
        return found

    def _districts(self, county_number: str) -> list[str]:
        """The non-metropolitan districts of a historic county."""
        return sorted(p.code for p in self.places.values() if p.county_number == county_number and p.code.startswith("E07"))

    def successors(self, code: str) -> list[str]:
        """All codes that later stand on the ground of a code, the code first."""
        found = [code]
        for change in self.changes:
            if change.old in found and change.new not in found:
                found.append(change.new)
        return found

    def resolve(self, area: str) -> list[str]:
        """The place codes of an area, sorted. Raises ValueError for a part that is no place and no county."""
        codes: set[str] = set()
        for part in area.split():
            if part == ENGLAND:
                found = list(self.places)
            elif part.startswith("E"):
                found = self.successors(part)
            elif part.startswith("D"):
                found = self._districts(part[1:])
                found += [change.new for change in self.changes if change.old in found]
            else:
                found = [p.code for p in self.places.values() if p.county_number == part]
            if not found or not self.places.keys() >= set(found):
                raise ValueError(f"area {area!r}: {part} is neither a place code nor a county number")
            codes.update(found)
        return sorted(codes)

    def within(self, codes: list[str], valid_from: str, valid_to: str) -> list[Place]:
        """The places of a list that are valid at some time of a period."""
        chosen = [self.places[code] for code in codes]
        return [p for p in chosen if overlaps(p.valid_from, p.valid_to, valid_from, valid_to)]

    def codes_within(self, area: str, valid_from: str, valid_to: str) -> list[str]:
        """The place codes of an area that are valid at some time of a period."""
        return [place.code for place in self.within(self.resolve(area), valid_from, valid_to)]


def abolished(row: Row) -> str:
    """The first day without an authority of the register, blank while it stands: it ends on 31 March of its last year."""
    return f"{row['end-date'][:4]}-04-01" if row["end-date"] else ""
