"""Which part of the registry a file was read by, so that a row about somebody else reads nothing again.

Belongs here: naming what reading and judging a file look up, and one hash of it with the code and the limits. Must not: read or
judge.

A file is read by: what files.csv says of it; its publisher's own rows; header synonyms of its publisher and of everybody (of the
kind its folder names, else of every kind); policies on personal data that are about it; the agencies, places, names and codes in
its lines; lists of services, themes and lines of accounts, where its kind has such codes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.kinds import KINDS
from ingest.landing import Receipt
from ingest.personal_data import policies_for
from ingest.reading import Reading
from ingest.registry import Registry
from ingest.values.text import header_key

EVERY = "*"  # too many to list, or not known one by one: any change of that table matters
LISTED = 500
_KIND, _AGENCIES, _NAMES, _CODES, _PLACES, _LISTS = "kind", "agencies", "names", "authority_codes", "places", "lists"
LookedUp = Mapping[str, Sequence[str]]


def looked_up_by(reading: Reading, registry: Registry) -> dict[str, list[str]]:
    """What the lines of a reading made it look up: table -> keys, sorted, [EVERY] for more than LISTED."""
    kind = reading.kind
    if kind is None:
        return {}
    found: dict[str, set[str]] = {name: set() for name in (_AGENCIES, _NAMES, _CODES, _PLACES, _LISTS)} | {_KIND: {kind.name}}
    agency_columns = {
        "agency_slug",
        "counterparty_agency",
        *(f.name for f in (*kind.fields_of("agency"), *kind.fields_of("agencies"))),
    }
    name_columns = {"funder_name", *([kind.agency_name_field] if kind.agency_name_field else [])}
    for part in reading.parts:
        for column in agency_columns & set(part.lines.columns):
            found[_AGENCIES] |= {slug for value in _texts(part.lines[column]) for slug in value.split(";")}
        for column in name_columns & set(part.lines.columns):
            found[_NAMES] |= {header_key(value) for value in _texts(part.lines[column])}
        if "place_code" in part.lines:
            found[_PLACES] |= {EVERY} if part.plain is not None else _texts(part.lines["place_code"])
        if "service_code" in part.lines:
            found[_LISTS].add("services")
    if kind.shape == "matrix":
        found[_LISTS].add("service_lines")
        found[_CODES] |= {str(line.cells.get("authority_code", EVERY)) for line in reading.extract.lines} or {EVERY}
    if found[_NAMES] and policies_for(registry.personal_data, kind):
        found[_NAMES].add(EVERY)  # a name that a policy withheld is not the one that was looked up
    if kind.fields_of("theme"):
        found[_LISTS].add("themes")
    return {name: sorted(keys) if len(keys) <= LISTED and EVERY not in keys else [EVERY] for name, keys in found.items() if keys}


def read_key(code: str, registry: Registry, receipt: Receipt, looked_up: LookedUp) -> str:
    """One hash of the code and of what the file was read by. `code`: of the programme, its rules and its limits."""
    slug = receipt.publisher_slug
    agencies = [slug, *looked_up.get(_AGENCIES, ())]
    decided = [
        code,
        repr(registry.files.get(receipt.file_name)),
        sorted(registry.publishers.get(slug, {}).items()),
        [sorted(row.items()) for row in _synonyms(registry, receipt)],
        _policies(registry, set(agencies), looked_up.get(_KIND, ())),
        _rows(registry.agencies, agencies),
        _rows(registry.agency_by_name, looked_up.get(_NAMES, ())),
        _rows(registry.agency_by_authority_code, looked_up.get(_CODES, ())),
        _rows(registry.places, looked_up.get(_PLACES, ())),
        [_list(registry, name) for name in looked_up.get(_LISTS, ())],
    ]
    return hashlib.sha256(json.dumps(decided, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _synonyms(registry: Registry, receipt: Receipt) -> list[dict[str, str]]:
    hint = receipt.kind_hint
    kinds = {hint, KINDS[hint].synonyms_of} if hint else None
    rows = registry.extension.get("header_synonyms", []) + registry.shipped_synonyms
    mine = ("", receipt.publisher_slug)
    return [r for r in rows if (kinds is None or r["kind"] in kinds) and r.get("agency_slug", "") in mine]


def _policies(registry: Registry, agencies: set[str], kinds: Sequence[str]) -> list[Any]:
    rows = [row for row in registry.personal_data if row.get("agency_slug", "") in agencies | {""} or EVERY in agencies]
    rows = [row for row in rows if row["kind"] in kinds or not kinds]
    is_hashed = any(row["action"] == "hash" for row in rows)  # another secret makes other hashes
    secret = hmac.new(registry.secret, b"read key", hashlib.sha256).hexdigest() if is_hashed and registry.secret else ""
    return [[sorted(row.items()) for row in rows], secret]


def _rows(table: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """The rows of these keys, with those that are not there: a row that comes later is a change."""
    wanted = set(keys)
    if EVERY in wanted:
        return sorted(table.items(), key=lambda item: item[0])
    return [(key, table.get(key)) for key in sorted(wanted)]


def _list(registry: Registry, name: str) -> Any:
    if name == "services":
        return sorted(registry.services)
    if name == "themes":
        return sorted(registry.theme_codes)
    return registry.service_line_rows


def _texts(values: Iterable[object]) -> set[str]:
    return {value for value in values if isinstance(value, str)}
