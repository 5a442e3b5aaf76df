"""Whose name is whose: two agencies that have one name on the same days make that name mean neither.

Belongs here: names with their days, and the rows of a folder's `registry/agencies.csv` that take a name which another agency has.
Must not: read files, or decide what a name of a payee means (the warehouse does: `int_flow__named_bodies`).

Such a row stays in force, but for its name: what is shipped keeps the name, before a row of the folder that corrects a shipped
agency, before one that adds an agency. Of two of the last sort neither has it. The warehouse does the same, day by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.registry.rebuild.names import normalised_name


@dataclass(frozen=True)
class Name:
    """A name of an agency, as it is looked up, from the first day to the first on which it is no longer so ("": open)."""

    key: str
    written: str
    agency_slug: str
    valid_from: str = ""
    valid_to: str = ""
    is_of_body: bool = False  # from the registers of public bodies, not from the list of agencies

    def shares_a_day(self, other: Name) -> bool:
        """Do the two stand on one day?"""
        return (self.valid_from or "0") < (other.valid_to or "9") and (other.valid_from or "0") < (self.valid_to or "9")


@dataclass(frozen=True)
class NameClash:
    """A row of the folder's agencies.csv (numbered as a spreadsheet does) with a name that another agency has on the same days."""

    row_number: int
    agency_slug: str
    name: str
    other_slug: str
    is_name: bool  # its name; False: an alias

    @property
    def words(self) -> str:
        """What is wrong, what the count does, what to do."""
        return self._in_words(f" '{self.name}'")

    @property
    def publishable(self) -> str:
        """The same without what the row calls the agency."""
        return self._in_words("")

    def _in_words(self, quoted: str) -> str:
        what = "name" if self.is_name else "alias"
        return (
            f"registry/agencies.csv row {self.row_number}: the {what}{quoted} of {self.agency_slug} is a name of {self.other_slug}"
            f" too, and does not make a payment one to {self.agency_slug}; if they are one agency, name the folder"
            f" {self.other_slug} and take the row out; if not, give {self.agency_slug} another {what}"
        )


def key_of(text: str) -> str:
    """The key of a name, or of a slug: as payees are looked up."""
    return normalised_name(text)


def names_of(row: Mapping[str, str], column: str = "agency_name", *, is_of_body: bool = False) -> tuple[Name, ...]:
    """The names of a row of agencies or of public bodies, its own first; those that come to nothing left out."""
    written = [row[column], *(row.get("aliases") or "").split(";")]
    found = {key: text.strip() for text in reversed(written) if (key := key_of(text))}
    days = (row.get("valid_from") or "")[:10], (row.get("valid_to") or "")[:10]
    return tuple(Name(key, found[key], row["agency_slug"], *days, is_of_body) for key in reversed(found))


def find_clashes(rows: Sequence[tuple[int, Mapping[str, str]]], shipped: Sequence[Name]) -> list[NameClash]:
    """The rows of the folder, with their numbers, that take a name of another agency: one for each name. Of two rows of the folder
    the one that gives way is named, which of equals is the later."""
    of_folder = {row["agency_slug"] for _, row in rows}
    known = {name.agency_slug for name in shipped}
    ranked = sorted(rows, key=lambda item: (item[1]["agency_slug"] not in known, item[0]))
    owners: dict[str, list[Name]] = {}
    for name in shipped:
        if name.is_of_body or name.agency_slug not in of_folder:
            owners.setdefault(name.key, []).append(name)
    found: list[NameClash] = []
    for number, row in ranked:
        for position, name in enumerate(names_of(row)):
            if rival := rival_of(name, owners.get(name.key, ())):
                is_name = not position and name.key == key_of(row["agency_name"])
                found.append(NameClash(number, name.agency_slug, name.written, rival.agency_slug, is_name))
            owners.setdefault(name.key, []).append(name)
    return sorted(found, key=lambda clash: clash.row_number)


def rival_of(name: Name, others: Iterable[Name]) -> Name | None:
    """The first of some names that another agency has on a day on which this is a name."""
    same = (o for o in others if o.key == name.key and o.agency_slug != name.agency_slug and name.shares_a_day(o))
    return next(same, None)
