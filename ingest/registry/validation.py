"""Rows of a folder's registry that cannot be used: found, named by file and row, and left out; the rest is in use.

Belongs here: which rows are in force, by their cells (`cells`) together and by each other. Must not: read files, or stop a run.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ingest.kinds import KINDS
from ingest.personal_data import policy_fault
from ingest.registry.cells import NEEDED, PATTERN, RULES, is_pattern
from ingest.registry.duplicate_reviews import last_reviews
from ingest.registry.rows import Row

# Tables in which a row about an agency that nobody has would do nothing, silently. Not those that are about publishers, who may
# be new (header_synonyms, endpoints), nor the calendar, which says itself that nothing came.
OF_AGENCIES = frozenset(
    "agency_places transfer_rules transfer_amounts layer_overrides service_rules purchase_rules personal_data".split()
)
OF_PLACES = frozenset(("agency_places", "areas"))


@dataclass(frozen=True)
class RegistryFault:
    """A row that is not used. `row_number` is the row of the file as a spreadsheet shows it (the header is row 1; 0: the whole
    file). `words` may quote the row, and so a name; `reason` says the same without the text of any cell ("": `words` quotes
    none)."""

    file_name: str
    row_number: int
    words: str
    value: str
    reason: str = ""

    @property
    def line(self) -> str:
        """For whoever keeps the file: which row is not in force, and why."""
        return f"{self._subject}: {self.words}"

    @property
    def publishable(self) -> str:
        """The same for everybody."""
        return f"{self._subject}: {self.reason or self.words}"

    @property
    def _subject(self) -> str:
        where = f"{self.file_name} row {self.row_number} is not in force"
        return where if self.row_number else f"{self.file_name} is not read"


def usable_rows(
    name: str,
    rows: list[Row],
    places: frozenset[str] | None = None,
    services: frozenset[str] | None = None,
    purchases: frozenset[str] | None = None,
    agencies: frozenset[str] | None = None,
) -> tuple[list[Row], list[RegistryFault]]:
    """The rows of `registry/<name>.csv` that can be used, and a fault for each that cannot.

    `places`, `services`, `purchases`: the codes that are known, `agencies` the slugs of agencies and publishers; a row that names
    another would do nothing, silently (None: not checked).
    """
    used: list[Row] = []
    faults: list[RegistryFault] = []
    for number, row in enumerate(rows, start=2):
        fault = (
            _fault(name, number, row)
            or _place_fault(name, number, row, places)
            or _service_fault(name, number, row, services)
            or _purchase_fault(name, number, row, purchases)
            or _agency_fault(name, number, row, agencies)
        )
        if fault is None:
            used.append(row)
        else:
            faults.append(fault)
    if name == "agency_places":
        return _without_overweight(used, faults)
    if name == "layer_overrides":
        return _without_two_minds(used, faults)
    if name == "duplicate_reviews":
        return last_reviews(used), faults
    return used, faults


def _fault(name: str, number: int, row: Mapping[str, str]) -> RegistryFault | None:
    for column in NEEDED.get(name, ()):
        if not row.get(column):
            return _told(name, number, f"{column} is blank")
    for column, (is_right, words) in RULES.get(name, {}).items():
        if (text := row.get(column, "")) and not is_right(text):
            return _quoting(name, number, column, text, f"is not {words}")
    if name in ("service_rules", "purchase_rules") and row.get("rule_kind") != "category" and not is_pattern(row["words"]):
        return _quoting(name, number, "words", row["words"], f"is not {PATTERN}")
    if name == "personal_data" and (words := policy_fault(row)):
        return _told(name, number, words, row["field"], "kind or field is not one that can be withheld")
    if name == "calendar" and row.get("agency_type") and row.get("agency_slug"):
        words = "agency_type and agency_slug are both filled: a row is for one agency, for types of agency, or for all"
        return _told(name, number, words, row["agency_type"])
    if name == "layer_overrides" and (words := _override_fault(row)):
        return _told(name, number, words, row.get("kind", ""))
    if name == "supplier_links" and (words := _decision_fault(row)):
        return _told(name, number, words, row.get("name_b", ""), "name_a, name_b and decision do not go together")
    if name == "header_synonyms" and (fields := KINDS[row["kind"]].field_names) and row["field"] not in fields:
        return _quoting(name, number, "field", row["field"], f"is not a field of {row['kind']}: one of {', '.join(fields)}")
    return None


def _told(name: str, number: int, words: str, value: str = "", reason: str = "") -> RegistryFault:
    return RegistryFault(f"registry/{name}.csv", number, words, value, reason)


def _quoting(name: str, number: int, column: str, text: str, rest: str) -> RegistryFault:
    """A fault of one cell, whose text stands in the words and not in the reason."""
    return _told(name, number, f"{column} '{text}' {rest}", text, f"{column} {rest}")


def _decision_fault(row: Mapping[str, str]) -> str:
    from ingest.suppliers.decisions import decision_from_row  # only where the file is there: it loads the resolver

    try:
        decision_from_row(row)
    except ValueError as error:
        return str(error)
    return ""


def _place_fault(name: str, number: int, row: Mapping[str, str], places: frozenset[str] | None) -> RegistryFault | None:
    if name not in OF_PLACES or places is None or row["place_code"] in places:
        return None
    rest = "is no place that is known; write a group as its places, or add the place to places.csv"
    return _quoting(name, number, "place_code", row["place_code"], rest)


def _service_fault(name: str, number: int, row: Mapping[str, str], services: frozenset[str] | None) -> RegistryFault | None:
    code = row.get("service_code", "")
    if services is None or name not in ("service_rules", "service_themes") or code in services:
        return None
    return _quoting(name, number, "service_code", code, "is not a code of the list of services")


def _purchase_fault(name: str, number: int, row: Mapping[str, str], purchases: frozenset[str] | None) -> RegistryFault | None:
    if name != "purchase_rules" or purchases is None or row["purchase_category"] in purchases:
        return None
    code = row["purchase_category"]
    return _quoting(name, number, "purchase_category", code, "is not a code of the list of purchase categories")


def _agency_fault(name: str, number: int, row: Mapping[str, str], agencies: frozenset[str] | None) -> RegistryFault | None:
    slug = row.get("agency_slug", "")
    if agencies is None or name not in OF_AGENCIES or not slug or slug in agencies:
        return None
    near = "".join(f" ({likely} is)" for likely in difflib.get_close_matches(slug, agencies, 1, 0.8))
    rest = f"is no agency that is known{near}; mend it, or add the agency to agencies.csv"
    return _quoting(name, number, "agency_slug", slug, rest)


def _without_overweight(rows: list[Row], faults: list[RegistryFault]) -> tuple[list[Row], list[RegistryFault]]:
    """Weights of an agency and year that sum to more than 1 would count money twice: none of them is used.

    In a year with rows of its own, a row for every year stands only for a place that has none of them.
    """
    weights: dict[tuple[str, str], dict[str, Decimal]] = {}
    for row in rows:
        of_year = weights.setdefault((row["agency_slug"], row.get("financial_year", "")), {})
        of_year[row["place_code"]] = of_year.get(row["place_code"], Decimal(0)) + Decimal(row.get("weight") or 0)
    heavy: dict[tuple[str, str], Decimal] = {}
    for (slug, year), of_year in sorted(weights.items()):
        every_year = {} if (slug, "") in heavy else weights.get((slug, ""), {})
        total = sum((every_year | of_year).values(), Decimal(0))
        if total > 1:
            heavy[slug, year] = total
    for (slug, year), total in heavy.items():
        words = f"the weights of {slug} {year or 'for every year'} sum to {total}, which is more than 1; none of them is used"
        faults.append(RegistryFault("registry/agency_places.csv", 1, words, str(total)))
    return [row for row in rows if (row["agency_slug"], row.get("financial_year", "")) not in heavy], faults


def _override_fault(row: Mapping[str, str]) -> str:
    """Why an override cannot be used, "" where it can."""
    layer, kind = row.get("layer", ""), row.get("kind", "")
    if not layer and not kind:
        return "layer and kind are both blank: say which layer counts (accounts, transactions) or which kind of return"
    if layer and kind and KINDS[kind].layer != layer:
        return f"a return of kind '{kind}' is of the layer {KINDS[kind].layer}, not {layer}: leave one of them blank"
    return ""


def _without_two_minds(rows: list[Row], faults: list[RegistryFault]) -> tuple[list[Row], list[RegistryFault]]:
    """One agency and year overridden twice: which row is meant is not ours to say, so neither is used."""
    keys = [(row["agency_slug"], row["financial_year"]) for row in rows]
    for slug, year in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        words = f"{slug} {year} is overridden {keys.count((slug, year))} times; keep one row, none of them is used"
        faults.append(RegistryFault("registry/layer_overrides.csv", 1, words, slug))
    return [row for row, key in zip(rows, keys, strict=True) if keys.count(key) == 1], faults
