"""What a right cell of a registry looks like, file by file and column by column.

Belongs here: what one cell may hold, in code and in words, and which must be filled. Must not: look at two cells at once (that is
`validation`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from ingest.calendar.rhythm import LENGTHS
from ingest.kinds import KINDS
from ingest.periods import is_financial_year, parse_period
from ingest.personal_data import ACTIONS
from ingest.registry.duplicate_reviews import REVIEW_NEEDED, REVIEW_RULES

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


def is_pattern(text: str) -> bool:
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
PATTERN = "a regular expression of the RE2 kind"
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
        "pattern": (is_pattern, PATTERN),
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
