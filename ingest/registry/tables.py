"""The registry as intake asks it: look-ups over the rows that are in force, shipped and added.

Belongs here: what is derived from rows. Must not: read a folder's files, or decide which of their rows can be used (that is
`loading`).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from ingest.calendar.rules import CalendarRule, calendar_rules
from ingest.periods import Period, is_financial_year, parse_period
from ingest.registry.agency_names import Name, NameClash, key_of, names_of
from ingest.registry.rows import HERE, SEEDS, RegistryError, Row, read_rows
from ingest.registry.validation import RegistryFault
from ingest.values.text import header_key


@dataclass(frozen=True)
class FileFacts:
    """What `files.csv` says of a file. `is_dated_by_lines`: it says no date of publication, the file's own lines do."""

    period: str | None
    published_as_at: datetime | None
    is_dated_by_lines: bool = False


@dataclass
class Registry:
    """Shipped and added registry data, with the look-ups that intake needs."""

    extension: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    faults: list[RegistryFault] = field(default_factory=list[RegistryFault])
    name_clashes: list[NameClash] = field(default_factory=list[NameClash])  # rows in force whose name is another agency's
    seeds: Path = SEEDS
    secret: bytes = b""  # what a home hashes personal data with; b"" where none is needed

    def _seed(self, name: str) -> list[Row]:
        return read_rows(self.seeds / f"seed_{name}.csv")

    @cached_property
    def agencies(self) -> dict[str, Row]:
        """slug -> row; a slug of the folder's registry replaces the shipped row."""
        rows = {row["agency_slug"]: row for row in self._seed("agencies")}
        rows.update({row["agency_slug"]: row for row in self.extension.get("agencies", []) if row["agency_slug"]})
        return rows

    @cached_property
    def publishers(self) -> dict[str, Row]:
        """Publishers that report for others (the agency is a column of their files)."""
        return {row["publisher_slug"]: row for row in self._seed("publishers")}

    @cached_property
    def agency_by_authority_code(self) -> dict[str, str]:
        """E-codes and ONS (GSS) codes of authorities -> slug."""
        schemes = ("ecode", "gss")
        found = {r["identifier"]: r["agency_slug"] for r in self._seed("agency_identifiers") if r["identifier_scheme"] in schemes}
        found.update({r["identifier"]: s for s, r in self.agencies.items() if r.get("identifier_scheme") in schemes})
        return found

    @cached_property
    def agency_by_name(self) -> dict[str, str]:
        """Exact normalised names and aliases -> slug. Never a pattern."""
        found: dict[str, str] = {}
        for slug, row in self.agencies.items():
            for name in (row["agency_name"], *row.get("aliases", "").split(";")):
                if key := header_key(name):
                    found.setdefault(key, slug)
        return found

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Every name of an agency with the days on which it has it: its own, its aliases, those of the public body that it is."""
        of_bodies = (name for name in shipped_names(self.seeds) if name.is_of_body)
        return (*(name for row in self.agencies.values() for name in names_of(row)), *of_bodies)

    def agency_called(self, words: str) -> str | None:
        """The one agency, of any time, that a slug, name or alias means in the way of the count (exact but for case, points and
        hyphens); None where none or several are called so."""
        found = {name.agency_slug for name in self.names if name.key == key_of(words)}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def places(self) -> dict[str, list[tuple[str, str]]]:
        """place code -> validity spans [from, to) as ISO dates ("" open)."""
        spans: dict[str, list[tuple[str, str]]] = {}
        for row in self._seed("places") + self.extension.get("places", []):
            spans.setdefault(row["place_code"], []).append((row.get("valid_from", ""), row.get("valid_to", "")))
        return spans

    @cached_property
    def place_names(self) -> dict[str, str]:
        """place code -> its name."""
        return {row["place_code"]: row["place_name"] for row in self._seed("places") + self.extension.get("places", [])}

    @cached_property
    def area_names(self) -> dict[str, str]:
        """Code of a shipped or added area -> its name."""
        return {row["area_code"]: row["area_name"] for row in self._seed("areas") + self.extension.get("areas", [])}

    def is_area(self, code: str) -> bool:
        """True for the code of a shipped or added area."""
        return code in self.area_names

    def place_status(self, code: str | None, financial_year: str | None) -> str:
        """`blank`, `valid`, `unknown` or `not_valid_in_year`: a code is valid in a year when it is valid on any day of it."""
        if not code:
            return "blank"
        if code not in self.places:
            return "unknown"
        if not is_financial_year(financial_year):
            return "valid"
        period = parse_period(financial_year)
        assert period is not None
        first, end = period.start.isoformat(), period.end.isoformat()
        overlaps = ((start or "0") < end and (stop or "9") > first for start, stop in self.places[code])
        return "valid" if any(overlaps) else "not_valid_in_year"

    @cached_property
    def services(self) -> frozenset[str]:
        return frozenset(row["service_code"] for row in self._seed("services"))

    @cached_property
    def purchases(self) -> frozenset[str]:
        return frozenset(row["purchase_category"] for row in self._seed("purchase_categories"))

    @cached_property
    def theme_codes(self) -> frozenset[str]:
        """Every theme code of every scheme, shipped and added."""
        return frozenset(row["theme_code"] for row in self._seed("themes") + self.extension.get("themes", []))

    def service_line_roles(self, financial_year: str) -> dict[str, str]:
        """Line key -> role (outlay, income, subtotal, memorandum) in a year: a few labels changed sides over the years."""
        return {
            row["line_key"]: row["role"]
            for row in self.service_line_rows
            if (row["valid_from_year"] or "0") <= financial_year <= (row["valid_to_year"] or "9")
        }

    @cached_property
    def service_line_rows(self) -> list[Row]:
        """The rows of seed_service_lines."""
        return self._seed("service_lines")

    @cached_property
    def service_line_keys(self) -> frozenset[str]:
        """Every line key known in any year."""
        return frozenset(row["line_key"] for row in self.service_line_rows)

    @cached_property
    def shipped_synonyms(self) -> list[Row]:
        """The rows of the shipped header_synonyms.csv. `learned_from` names the standards and publishers a header was seen in."""
        return read_rows(HERE / "header_synonyms.csv")

    def synonyms(self, kind: str, agency_slug: str, period: Period | None = None) -> dict[str, str]:
        """Normalised header -> field for a kind, the agency's own and the folder's before the shipped.

        With a period, only those valid on some day of it; without one, all.
        """
        added = self.extension.get("header_synonyms", [])
        rows = [r for r in added + self.shipped_synonyms if r["kind"] == kind and r.get("agency_slug", "") in ("", agency_slug)]
        if period is not None:
            first, end = period.start.isoformat(), period.end.isoformat()
            rows = [r for r in rows if (r.get("valid_from") or "0") < end and (r.get("valid_to") or "9") > first]
        rows.sort(key=lambda r: r.get("agency_slug", "") == "")
        found: dict[str, str] = {}
        for row in rows:
            found.setdefault(header_key(row["header"]), row["field"])
        return found

    @cached_property
    def files(self) -> dict[str, FileFacts]:
        """File name in the folder -> what files.csv says of it."""
        found: dict[str, FileFacts] = {}
        for row in self.extension.get("files", []):
            published = row.get("published_as_at", "")
            try:
                instant = datetime.fromisoformat(published).replace(tzinfo=None) if published else None
            except ValueError as error:
                raise RegistryError(f"files.csv: '{published}' of {row['file']} is not a date like 2024-05-31") from error
            found[row["file"]] = FileFacts(row.get("period") or None, instant)
        return found

    @cached_property
    def personal_data(self) -> list[Row]:
        """Which fields are dropped or hashed before anything is stored: the folder's policy and the shipped one."""
        return self.extension.get("personal_data", []) + read_rows(HERE / "personal_data.csv")

    @cached_property
    def calendar(self) -> list[CalendarRule]:
        """Which return is due when: the shipped rules and the folder's."""
        return calendar_rules(read_rows(HERE / "calendar.csv"), self.extension.get("calendar", []))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all registry data, shipped and added: part of what decides whether a file is read again. Without the calendar:
        when a return is due does not change what is in it."""
        digest = hashlib.sha256()
        for path in sorted([*self.seeds.glob("*.csv"), *HERE.glob("*.csv")]):
            if path.name != "calendar.csv":
                digest.update(path.name.encode() + path.read_bytes())
        digest.update(repr(sorted(item for item in self.extension.items() if item[0] != "calendar")).encode())
        if self.secret:  # another secret makes other hashes: files are read again
            digest.update(hmac.new(self.secret, b"fingerprint", hashlib.sha256).digest())
        return digest.hexdigest()


@lru_cache(maxsize=4)
def shipped_names(seeds: Path) -> tuple[Name, ...]:
    """The names of the shipped agencies, and of the public bodies that they are."""
    agencies, bodies = (read_rows(seeds / f"seed_{name}.csv") for name in ("agencies", "public_bodies"))
    own = (name for row in agencies for name in names_of(row))
    return (*own, *(name for row in bodies if row["agency_slug"] for name in names_of(row, "public_body_name", is_of_body=True)))


def is_synthetic(registry: Registry) -> bool:
    """True when the folder's registry says that its agencies are made up (identifier scheme `synthetic`)."""
    return any(row.get("identifier_scheme") == "synthetic" for row in registry.extension.get("agencies", []))
