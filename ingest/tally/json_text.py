"""JSON, counted by a tokeniser of its own: it makes no objects, keeps the path it stands at, and takes numbers as written.

Columns are numbered as the paths of an entry's values first appear; entry n is row n + 1, because row 1 is the header that the
reader makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.tally.shape import Rows, TallyFailed

_TOKEN = re.compile(r'[ \t\r\n]*(?:([{}\[\],:])|"((?:[^"\\]|\\.)*)"|([^\s{}\[\],:"]+))', re.DOTALL)
_ENTRY = object()  # stands in a path where an object opens in a list


def json_sheets(content: bytes) -> Iterator[tuple[str | None, Rows]]:
    """The one unnamed sheet of a list of objects, or of the list named `grants` in an object."""
    yield None, _rows(content.decode(json.detect_encoding(content)))


def _rows(text: str) -> Rows:
    columns: dict[tuple[Any, ...], int] = {}
    number, values = 1, dict[int, Any]()
    yield 1, ["header"]
    for path, value in _values(text):
        root = 1 if path[0] != "grants" else 2
        if (path[0] != "grants" and not isinstance(path[0], int)) or len(path) < root or not isinstance(path[root - 1], int):
            continue
        if path[root - 1] + 2 != number:
            if values:
                yield number, _listed(values)
            number, values = path[root - 1] + 2, {}
        if path[root:] == (_ENTRY,):
            values[-1] = None  # an empty object is a row still
        elif path[-1] is not _ENTRY:
            values[columns.setdefault(path[root:], len(columns))] = value
    if values:
        yield number, _listed(values)


def _listed(values: dict[int, Any]) -> list[Any]:
    listed: list[Any] = [None] * (max(values) + 1)
    for column, value in values.items():
        if column >= 0:
            listed[column] = value
    return listed


def _values(text: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(path, value) of every string, number and word; and (path, _ENTRY) where an object opens in a list."""
    path: list[Any] = []
    is_key = False
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        mark, string, word = match.groups()
        if mark in ("{", "["):
            if mark == "{" and path and isinstance(path[-1], int):
                yield (*path, _ENTRY), None
            path.append(0 if mark == "[" else None)
            is_key = mark == "{"
        elif mark in ("}", "]"):
            if not path:
                raise TallyFailed("the JSON closes more than it opens")
            path.pop()
            is_key = False
        elif mark == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
            else:
                is_key = True
        elif mark == ":":
            is_key = False
        elif is_key and string is not None:
            path[-1] = json.loads(f'"{string}"', strict=False) if "\\" in string else string
        elif path:
            yield tuple(path), string if string is not None else {"null": None, "true": True, "false": False}.get(word, word)
