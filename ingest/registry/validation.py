"""Rows of a folder's registry that cannot be used: found, named by file and row, and left out; the rest is in use.

Belongs here: what a right value looks like, column by column. Must not: read files, or stop a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from ingest.calendar.rhythm import LENGTHS
from ingest.kinds import KINDS
from ingest.periods import is_financial_year, parse_period
from ingest.personal_data import ACTIONS, policy_fault
from ingest.registry.duplicate_reviews import REVIEW_NEEDED, REVIEW_RULES, last_reviews

Row = dict[str, str]
Check = Callable[[str], bool]

AGENCY_TYPES = frozenset(
    (
        "la_upper la_lower la_unitary la_parish combined_authority police fire nhs_commissioner nhs_provider dwp justice skills"
        " central_department arms_length_body regional education housing third_sector lottery"
    ).split()
)
TRANSFER_KINDS = frozenset("collection_on_behalf purchase grant pooled recharge tax".split())
RULE_FIELDS = frozenset("description payee_name expense_type expense_area department".split())
# What can count, and the kinds that hold it; commitments are promised and not paid.
COUNTING_LAYERS = frozenset("accounts transactions budget".split())
COUNTING_KINDS = frozenset(
    kind.name for kind in KINDS.values() if kind.layer in COUNTING_LAYERS and kind.has_amount and kind.name != "funding"
)
SERVICE_FIELDS = RULE_FIELDS | {"merchant_category", "programme", "title", "transfer_kind"}
PURCHASE_FIELDS = RULE_FIELDS | {"merchant_category", "transfer_kind"}  # awards buy nothing
FREQUENCIES = ("once", "daily", "weekly", "monthly", "quarterly", "yearly")
_SLUG = re.compile(r"^[a-z0-9][a-z0-9-]*$")
_SERVICE = re.compile(r"^(0[1-9]|10)(\.\d){0,2}$")
_PURCHASE = re.compile(r"^[a-z_]+(\.[a-z_]+)?$")


@dataclass(frozen=True)
class RegistryFault:
    """A row that is not used. `row_number` is the row of the file as a spreadsheet shows it (the header is row 1; 0: the whole
    file). `words` may
    quote the row, and so a name; `reason` says the same without the text of any cell ("": `words` quotes none)."""

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


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _is_share(text: str) -> bool:
    try:
        return 0 <= Decimal(text) <= 1
    except InvalidOperation:
        return False


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_service(text: str) -> bool:
    return bool(_SERVICE.match(text))


def _is_purchase(text: str) -> bool:
    return bool(_PURCHASE.match(text))


def _is_pattern(text: str) -> bool:
    """True for a regular expression that the warehouse's engine (RE2) can run."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern=text)  # pyright: ignore[reportAttributeAccessIssue]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    return True


def _is_endpoint(text: str) -> bool:
    scheme, found, _ = text.partition("://")
    return text.isprintable() and (not found or scheme.lower() in ("http", "https", "file"))


def _one_of(allowed: frozenset[str]) -> Check:
    return lambda text: text in allowed


def _all_of(allowed: frozenset[str]) -> Check:
    return lambda text: all(part in allowed for part in text.split(";"))


_DATES: dict[str, tuple[Check, str]] = {
    "valid_from": (_is_date, "a date such as 2024-04-01"),
    "valid_to": (_is_date, "a date such as 2024-04-01"),
}
_PATTERN = "a regular expression of the RE2 kind"
_YEAR = (is_financial_year, "a financial year such as 2024-25")
_SHARE = (_is_share, "a share between 0 and 1")
_DAYS = (lambda text: text.isdecimal() and len(text) <= 4, "a whole number of days")
RESERVED = "registry"  # the folder of the registry itself, which is no publisher's
_SLUG_RULE = (
    lambda text: bool(_SLUG.match(text)) and text != RESERVED,
    f"a slug: small letters, digits and hyphens (not '{RESERVED}', the folder of these files)",
)
# file -> column -> (what is right, in words); only filled cells are checked, `NEEDED` says which must be filled
RULES: dict[str, dict[str, tuple[Check, str]]] = {
    "agencies": {
        "agency_slug": _SLUG_RULE,
        "agency_type": (_one_of(AGENCY_TYPES), f"one of {', '.join(sorted(AGENCY_TYPES))}"),
        "date_order": (_one_of(frozenset(("dmy", "mdy"))), "dmy or mdy"),
        **_DATES,
    },
    "agency_places": {"financial_year": _YEAR, "weight": _SHARE},
    "areas": _DATES,
    "places": _DATES,
    "populations": {"population_count": (str.isdigit, "a whole number")},
    "files": {
        "period": (lambda text: parse_period(text) is not None, "a period: 2024-04, 2024-Q2 or 2024-25"),
        "published_as_at": (_is_date, "a date such as 2024-05-31"),
    },
    "endpoints": {
        "agency_slug": _SLUG_RULE,
        "kind": (_one_of(frozenset(KINDS)), f"one of {', '.join(KINDS)}"),
        "url": (_is_endpoint, "an http or https address, a file:// address or a path in the returns folder"),
        "frequency": (_one_of(frozenset(FREQUENCIES)), f"one of {', '.join(FREQUENCIES)}"),
        **_DATES,
    },
    "header_synonyms": {"kind": (_one_of(frozenset(KINDS)), f"one of {', '.join(KINDS)}"), **_DATES},
    "transfer_rules": {
        "field": (_one_of(RULE_FIELDS), f"one of {', '.join(sorted(RULE_FIELDS))}"),
        "pattern": (_is_pattern, _PATTERN),
        "transfer_kind": (_one_of(TRANSFER_KINDS), f"one of {', '.join(sorted(TRANSFER_KINDS))}"),
        "needs_kind": (_one_of(frozenset(("procurement_card",))), "procurement_card"),
    },
    "transfer_amounts": {"agency_slug": _SLUG_RULE, "financial_year": _YEAR, "amount_gbp": (_is_number, "a number")},
    "layer_overrides": {
        "agency_slug": _SLUG_RULE,
        "financial_year": _YEAR,
        "layer": (_one_of(COUNTING_LAYERS), f"one of {', '.join(sorted(COUNTING_LAYERS))}"),
        "kind": (_one_of(COUNTING_KINDS), f"one of {', '.join(sorted(COUNTING_KINDS))}"),
    },
    "service_rules": {
        "rule_kind": (_one_of(frozenset(("category", "keyword"))), "category or keyword"),
        "agency_type": (_all_of(AGENCY_TYPES), f"of {', '.join(sorted(AGENCY_TYPES))} (several between semicolons)"),
        "field": (_all_of(SERVICE_FIELDS), f"of {', '.join(sorted(SERVICE_FIELDS))} (several between semicolons)"),
        "service_code": (_is_service, "a COFOG code such as 10.4"),
        "valid_from_year": _YEAR,
        "valid_to_year": _YEAR,
    },
    "purchase_rules": {
        "rule_kind": (_one_of(frozenset(("category", "keyword"))), "category or keyword"),
        "agency_type": (_all_of(AGENCY_TYPES), f"of {', '.join(sorted(AGENCY_TYPES))} (several between semicolons)"),
        "field": (_all_of(PURCHASE_FIELDS), f"of {', '.join(sorted(PURCHASE_FIELDS))} (several between semicolons)"),
        "purchase_category": (_is_purchase, "a purchase category such as fleet.fuel"),
        "grade": (_one_of(frozenset("ABC")), "A, B or C"),
        "valid_from_year": _YEAR,
        "valid_to_year": _YEAR,
    },
    "service_themes": {"weight": _SHARE},
    "calendar": {
        "kind": (_one_of(frozenset(KINDS)), f"one of {', '.join(KINDS)}"),
        "agency_type": (_all_of(AGENCY_TYPES), f"of {', '.join(sorted(AGENCY_TYPES))} (several between semicolons)"),
        "agency_slug": _SLUG_RULE,
        "frequency": (_one_of(frozenset(LENGTHS)), f"one of {', '.join(LENGTHS)}"),
        "due_days": _DAYS,
        "grace_days": _DAYS,
        **_DATES,
    },
    "rates": {"value": (_is_number, "a number")},
    "personal_data": {"action": (_one_of(ACTIONS), "drop or hash")},
    "duplicate_reviews": REVIEW_RULES,
}
NEEDED = {
    "agencies": ("agency_slug", "agency_name", "agency_type"),
    "agency_places": ("agency_slug", "place_code"),
    "areas": ("area_code", "place_code"),
    "places": ("place_code", "place_name"),
    "populations": ("place_code", "vintage", "population_count"),
    "files": ("file",),
    "endpoints": ("agency_slug", "url", "frequency"),
    "header_synonyms": ("kind", "header", "field"),
    "transfer_rules": ("field", "pattern", "transfer_kind"),
    "transfer_amounts": ("rule_id", "agency_slug", "financial_year", "amount_gbp", "counterparty_agency", "reason"),
    "layer_overrides": ("agency_slug", "financial_year", "reason"),
    "themes": ("theme_scheme", "theme_code"),
    "service_rules": ("field", "words", "service_code"),
    "purchase_rules": ("field", "words", "purchase_category"),
    "service_themes": ("theme_scheme", "service_code", "theme_code", "weight"),
    "calendar": ("kind", "frequency", "due_days", "source"),
    "rates": ("rate_name", "value"),
    "personal_data": ("kind", "field", "action", "reason"),
    "supplier_links": ("name_a", "decision", "reason"),
    "duplicate_reviews": REVIEW_NEEDED,
}


def usable_rows(
    name: str,
    rows: list[Row],
    places: frozenset[str] | None = None,
    services: frozenset[str] | None = None,
    purchases: frozenset[str] | None = None,
) -> tuple[list[Row], list[RegistryFault]]:
    """The rows of `registry/<name>.csv` that can be used, and a fault for each that cannot.

    `places`, `services`, `purchases`: the codes that are known; a row that names another would count nothing, silently (None: not
    checked).
    """
    used: list[Row] = []
    faults: list[RegistryFault] = []
    for number, row in enumerate(rows, start=2):
        fault = (
            _fault(name, number, row)
            or _place_fault(name, number, row, places)
            or _service_fault(name, number, row, services)
            or _purchase_fault(name, number, row, purchases)
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
    if name in ("service_rules", "purchase_rules") and row.get("rule_kind") != "category" and not _is_pattern(row["words"]):
        return _quoting(name, number, "words", row["words"], f"is not {_PATTERN}")
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
    if name not in ("agency_places", "areas") or places is None or row["place_code"] in places:
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
