"""Header search and column mapping: which row names the columns, and which column is which field.

Belongs here: decisions over rows of cells by exact names: synonyms are data (`registry/header_synonyms.csv`), never position alone.
Names that are only like a known one belong to `ingest.mapping`. A sheet may have several header rows (a changed one starts a new
segment) and the header may stand last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.kinds import Kind
from ingest.readers.cells import Cell, is_blank
from ingest.values.text import header_key

Synonyms = Mapping[str, str]  # header_key -> field name, best synonym of a field first


@dataclass(frozen=True)
class Header:
    """A header row: its index in the sheet, and the column index of each mapped field."""

    index: int
    columns: dict[str, int]
    unmapped: dict[int, str] = field(default_factory=dict)

    def missing(self, kind: Kind) -> tuple[str, ...]:
        return tuple(name for name in kind.mandatory if name not in self.columns)


def map_row(row: list[Cell], synonyms: Synonyms) -> tuple[dict[str, int], dict[int, str]]:
    """Map one row read as a header: field -> column, and the named columns left over.

    Where two columns could be one field, the synonym standing first in the data wins, then the leftmost column.
    """
    candidates: dict[str, list[tuple[str, int]]] = {}
    unmapped: dict[int, str] = {}
    for column, cell in enumerate(row):
        key = header_key(cell)
        if not key:
            continue
        if (name := synonyms.get(key)) is None:
            unmapped[column] = str(cell).strip()
        else:
            candidates.setdefault(name, []).append((key, column))
    columns: dict[str, int] = {}
    for name, found in candidates.items():
        if len(found) > 1:
            rank = {key: position for position, key in enumerate(synonyms)}
            found.sort(key=lambda candidate: (rank[candidate[0]], candidate[1]))
        columns[name] = found[0][1]
        unmapped.update({column: str(row[column]).strip() for _, column in found[1:]})
    return columns, unmapped


def as_header(index: int, row: list[Cell], kind: Kind, synonyms: Synonyms) -> Header | None:
    """The row as a header of this kind, or None: it must name fields enough for the kind (`Kind.is_named_by`)."""
    if not any(isinstance(cell, str) and not is_blank(cell) for cell in row):
        return None
    columns, unmapped = map_row(row, synonyms)
    if not kind.is_named_by(columns):
        return None
    return Header(index, columns, unmapped)
