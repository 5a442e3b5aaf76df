"""The registry: who publishes, who is who, where they serve, what headers mean. Data with validity dates, never code.

Belongs here: reading the shipped data (dbt seeds and the CSV files beside this module) together with what a returns folder adds
under its own `registry/`. A row of the folder wins over a shipped row with the same key.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from ingest.calendar.rules import CalendarRule, calendar_rules
from ingest.periods import Period, is_financial_year, parse_period
from ingest.registry.agency_names import Name, NameClash, find_clashes, key_of, names_of
from ingest.registry.validation import AGENCY_TYPES, NEEDED, RegistryFault, usable_rows
from ingest.values.text import header_key

Row = dict[str, str]
SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
HERE = Path(__file__).resolve().parent
POLICY = "personal_data"

EXTENSION_COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "agencies": "agency_slug agency_name agency_type identifier_scheme identifier aliases default_service_code date_order"
        " valid_from valid_to",
        "agency_places": "agency_slug place_code financial_year weight driver driver_vintage",
        "areas": "area_code area_name place_code valid_from valid_to",
        "places": "place_code place_name place_type county_name region_name valid_from valid_to",
        "populations": "place_code vintage reference_year population_count source",
        "files": "file period published_as_at",
        "endpoints": "agency_slug kind url frequency valid_from valid_to",
        "header_synonyms": "kind agency_slug header field valid_from valid_to",
        "transfer_rules": "agency_slug field pattern transfer_kind counterparty_agency grade needs_kind rule_id",
        "transfer_amounts": "rule_id agency_slug financial_year amount_gbp counterparty_agency grade reason",
        "layer_overrides": "agency_slug financial_year layer kind reason",
        "themes": "theme_scheme theme_code theme_name is_partition",
        "service_rules": "rule_kind agency_type agency_slug field words service_code valid_from_year valid_to_year reason",
        "purchase_rules": "rule_kind agency_type agency_slug field words purchase_category grade valid_from_year"
        " valid_to_year reason",
        "service_themes": "theme_scheme service_code theme_code weight reason",
        "rates": "rate_name value source",
        "personal_data": "agency_slug kind field action reason",
        "supplier_links": "name_a name_b decision reason",
        "calendar": "kind agency_type agency_slug frequency due_days grace_days valid_from valid_to source",
        "duplicate_reviews": "group_id status reviewer reason reviewed_on",
    }.items()
}


class RegistryError(ValueError):
    """A registry file cannot be used. The message says which file, which row, what to do."""


def read_rows(path: Path, required: Iterable[str] = ()) -> list[Row]:
    """The rows of a registry CSV as text, blank cells "".

    Raises RegistryError when the file cannot be read, is not UTF-8 text or lacks a required column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            rows = [{k: (v or "").strip() for k, v in row.items() if k} for row in reader]
            names = reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegistryError(f"{path.name}: cannot be read ({error}); save it as CSV in UTF-8") from error
    except OSError as error:
        raise RegistryError(f"{path.name}: cannot be read ({error.strerror}); let it be read by who runs this") from error
    missing = [name for name in required if name not in names]
    if missing:
        raise RegistryError(f"{path.name}: column {', '.join(missing)} is missing; it has {', '.join(names) or 'no columns'}")
    return rows


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


def load_registry(
    folder: Path | None, secret: Callable[[], bytes] | None = None, names: Collection[str] = tuple(EXTENSION_COLUMNS)
) -> Registry:
    """Shipped data plus the CSV files of a folder's `registry/` (None or absent: none; of these `names`). Rows that cannot be used
    are left out and named in `faults`. `secret` is asked for only where a policy hashes personal data.

    Raises RegistryError for a file that cannot be used at all, and for a policy on personal data with any row that cannot be used:
    what it asks to withhold would be kept.
    """
    extension: dict[str, list[Row]] = {}
    faults: list[RegistryFault] = []
    clashes: list[NameClash] = []
    services, purchases = Registry().services, Registry().purchases
    if folder is not None and folder.is_dir():
        for name in names:
            path = folder / f"{name}.csv"
            if path.exists():
                places = _known_places(folder) if name in ("agency_places", "areas") else None
                rows = read_rows(path, NEEDED.get(name, ()))
                extension[name], found = usable_rows(name, rows, places, services, purchases)
                if name == POLICY:
                    _refuse(found)
                faults += found
                if name == "agencies":
                    used = {id(row) for row in extension[name]}
                    numbered = [(number, row) for number, row in enumerate(rows, start=2) if id(row) in used]
                    clashes = find_clashes(numbered, shipped_names(SEEDS))
        if EXTENSION_COLUMNS.keys() <= set(names):
            faults += _unknown_files(folder)
    registry = Registry(extension, faults, clashes)
    if secret is not None and any(row["action"] == "hash" for row in registry.personal_data):
        registry.secret = secret()
    return registry


def refuse_faulty_policy(folder: Path) -> None:
    """Raises RegistryError when a folder's policy on personal data has a row that cannot be used. Before such a folder lands: what
    was kept of the policy stays in force."""
    path = folder / f"{POLICY}.csv"
    _unknown_files(folder)
    if path.exists():
        _refuse(usable_rows(POLICY, read_rows(path, NEEDED[POLICY]))[1])


def _unknown_files(folder: Path) -> list[RegistryFault]:
    """CSV files that no name of the registry is for: a slip, which would let whatever they say go unheard.

    Raises RegistryError for one that looks like a policy on personal data."""
    found: list[RegistryFault] = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem in EXTENSION_COLUMNS:
            continue
        near = difflib.get_close_matches(path.stem.lower(), EXTENSION_COLUMNS, 1, 0.7)
        hint = f"name it {near[0]}.csv" if near else f"the files of a registry are {', '.join(sorted(EXTENSION_COLUMNS))}"
        fault = RegistryFault(f"registry/{path.name}", 0, f"no table of the registry has that name; {hint}", "")
        found.append(fault)
        if near == [POLICY]:
            _refuse([fault])
    return found


def _refuse(faults: Sequence[RegistryFault]) -> None:
    if faults:
        more = f" (and {len(faults) - 1} more rows)" if len(faults) > 1 else ""
        words = "nothing is read until it is put right, since what it asks to withhold would be kept"
        raise RegistryError(f"{faults[0].line}{more}; {words}")


@lru_cache(maxsize=4)
def shipped_names(seeds: Path) -> tuple[Name, ...]:
    """The names of the shipped agencies, and of the public bodies that they are."""
    agencies, bodies = (read_rows(seeds / f"seed_{name}.csv") for name in ("agencies", "public_bodies"))
    own = (name for row in agencies for name in names_of(row))
    return (*own, *(name for row in bodies if row["agency_slug"] for name in names_of(row, "public_body_name", is_of_body=True)))


def _known_places(folder: Path) -> frozenset[str]:
    """The place codes shipped and added by a folder's `registry/`."""
    added = folder / "places.csv"
    rows = read_rows(SEEDS / "seed_places.csv") + (read_rows(added, NEEDED["places"]) if added.exists() else [])
    return frozenset(row["place_code"] for row in rows)


def is_synthetic(registry: Registry) -> bool:
    """True when the folder's registry says that its agencies are made up (identifier scheme `synthetic`)."""
    return any(row.get("identifier_scheme") == "synthetic" for row in registry.extension.get("agencies", []))


def stranger_words(registry: Registry, slug: str) -> str:
    """What to say of a publisher that nobody knows: which agency its folder's name is another name of, else what to paste."""
    if (known := registry.agency_called(slug)) is not None:
        return (
            f"nobody here knows the publisher '{slug}', but this looks like {known} ({registry.agencies[known]['agency_name']}):"
            f" name the folder {known}"
        )
    return f"nobody here knows the publisher '{slug}'; to add it: {proposed_rows(slug)}"


def proposed_rows(slug: str) -> str:
    """What to paste for a publisher that nobody knows: its row of agencies.csv (the type guessed from its words, to check) and one
    of agency_places.csv."""
    name = re.sub(r"[-_]+", " ", slug).title()
    return (
        f"registry/agencies.csv: {slug},{name},{_guessed_type(slug)},,,,,dmy,,  (types: {', '.join(sorted(AGENCY_TYPES))});"
        f" registry/agency_places.csv: {slug},PLACE_CODE,,1,boundary"
    )


_TYPE_WORDS = tuple(
    (
        "county-council la_upper district-council la_lower parish la_parish combined-authority combined_authority police police"
        " fire fire icb nhs_commissioner integrated-care nhs_commissioner ccg nhs_commissioner nhs nhs_provider"
        " hospital nhs_provider department central_department ministry central_department university education"
        " college education borough-council la_lower council la_unitary"
    ).split()
)


def _guessed_type(slug: str) -> str:
    return next(
        (kind for words, kind in zip(_TYPE_WORDS[::2], _TYPE_WORDS[1::2], strict=True) if words in slug), "arms_length_body"
    )
