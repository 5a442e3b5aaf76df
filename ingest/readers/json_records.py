"""JSON to rows: 360Giving's package of grants, or any list of objects. Each object is a row; each path in it a column.

Row 1 is the header (it stands in no line of the file), so object number n of the list is row n + 1. Columns stand in the order
in which their paths first appear, which is how the second count finds them. Numbers keep the digits that the file has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from ingest.limits import DEFAULTS, LimitBreached, Limits
from ingest.readers.cells import Cell, Sheet, UnreadableFile

Path = tuple[str | int, ...]
_ADVICE = "publish it in several files, or as CSV"
# The standard's own titles, where they are not the path's words (360Giving schema 1.x).
_TITLES = {
    "id": "Identifier", "url": "URL", "recipientOrganization": "Recipient Org", "fundingOrganization": "Funding Org",
    "recipientIndividual": "Recipient Ind", "geoCode": "Geographic Code", "geoCodeType": "Geographic Code Type",
    "addressLocality": "City", "addressRegion": "County", "addressCountry": "Country", "addressPostalCode": "Postal Code",
    "addressStreet": "Street Address", "streetAddress": "Street Address", "postalCode": "Postal Code",
    "companyNumber": "Company Number", "charityNumber": "Charity Number", "duration": "Duration (months)",
    "dateModified": "Last Modified", "fromOpenCall": "From an open call?", "countryCode": "Country Code",
}  # fmt: skip


def read_json(content: bytes, limits: Limits = DEFAULTS) -> list[Sheet]:
    """One unnamed sheet.

    Raises UnreadableFile for what is not JSON, for NaN, for a name that stands twice in an object, and for JSON that is no list of
    objects; LimitBreached.
    """
    size = sum(content.count(mark) for mark in (b"{", b"[", b","))
    limits.check("cell_count", size, "the file", _ADVICE)
    records, is_grants = _records(_parsed(content, limits))
    columns: dict[Path, int] = {}
    rows: list[list[Cell]] = []
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise UnreadableFile(f"entry {number} of the list is not an object: every entry must be a grant or a line of the table")
        row: list[Cell] = [None] * len(columns)
        for path, value in _leaves(cast("dict[str, Any]", record), (), limits):
            if path not in columns:
                columns[path] = len(columns)
                limits.check("column_count", len(columns), f"entry {number}", _ADVICE)
            row += [None] * (columns[path] + 1 - len(row))
            row[columns[path]] = value
        rows.append(row)
    limits.check("row_count", len(rows), "the file", _ADVICE)
    limits.check("cell_count", (len(rows) + 1) * len(columns), "the file", _ADVICE)
    title = _grant_title if is_grants else _plain_title
    return [Sheet(None, [[title(path) for path in columns], *rows])]


def _parsed(content: bytes, limits: Limits) -> Any:
    try:
        text = content.decode(json.detect_encoding(content))
        return json.loads(text, parse_float=str, parse_int=_integer, parse_constant=_refuse, object_pairs_hook=_object)
    except RecursionError:
        raise LimitBreached("nesting_depth", limits.nesting_depth + 1, limits.nesting_depth, "the file", _ADVICE) from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"the file looks like JSON but breaks off or goes wrong on line {error.lineno} ({error.msg})"
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"the file looks like JSON but is not UTF-8 (byte {error.start}): save it as UTF-8") from error


def _integer(digits: str) -> Cell:
    return int(digits) if len(digits) < 19 else digits


def _refuse(word: str) -> None:
    raise UnreadableFile(f"the file holds {word} as a number, which JSON does not know: leave the value out, or write the number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableFile(
            f"'{twice[:80]}' stands twice in one object, so that one of its values would be lost: keep one of them"
        )
    return found


def _records(document: Any) -> tuple[list[Any], bool]:
    """The list of entries, and whether they are 360Giving grants."""
    if isinstance(document, dict):
        inner = cast("dict[str, Any]", document).get("grants")
        if isinstance(inner, list):
            return cast("list[Any]", inner), True
        raise UnreadableFile(
            "the JSON is one object without a list of grants: publish a list of objects, one per line of the table"
        )
    entries = cast("list[Any]", document) if isinstance(document, list) else []
    first = entries[0] if entries else None
    if not isinstance(first, dict):
        raise UnreadableFile("the JSON is not a list of objects: publish one object per line of the table, or save it as CSV")
    return entries, "amountAwarded" in first


def _leaves(value: Any, path: Path, limits: Limits) -> Iterator[tuple[Path, Cell]]:
    limits.check("nesting_depth", len(path), "the file", _ADVICE)
    if isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield from _leaves(inner, (*path, name), limits)
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _leaves(inner, (*path, index), limits)
    else:
        yield path, value


def _plain_title(path: Path) -> str:
    return ":".join(map(str, path))


def _grant_title(path: Path) -> str:
    """("recipientOrganization", 0, "id") -> "Recipient Org:0:Identifier"."""
    return ":".join(str(step) if isinstance(step, int) else _TITLES.get(step) or _words(step) for step in path)


def _words(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name).split(" "))
