"""ODS, counted from content.xml: values as the file writes them. Attributes carry the prefixes that every writer gives them, as the
reader needs them too."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.tally.shape import Rows, Tally
from ingest.tally.xml_walk import feed, local

_NUMBERS = frozenset(("float", "currency", "percentage"))


def ods_sheets(content: bytes, tally: Tally) -> Iterator[tuple[str | None, Rows]]:
    """(name, rows) of every sheet; a row that is repeated is given as often as it stands there, a blank one not at all."""
    walk = _Walk(tally)
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as handle:
        for _ in feed(handle, walk.start, walk.end, walk.text):
            pass
    yield from walk.sheets


class _Walk:
    """The document as it is walked. Tables inside cells and notes on cells are no rows and no values of the sheet."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.sheets: list[tuple[str | None, list[tuple[int, list[Any]]]]] = []
        self.path: list[str] = []
        self.cell_depth = self.note_depth = 0
        self.number, self.times, self.column, self.repeats = 1, 1, 0, 1
        self.cells: list[tuple[int, int, Any]] = []
        self.attributes: dict[str, str] = {}
        self.paragraphs: list[str] = []
        self.has_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if self.cell_depth:
            self._inside_cell(name)
            return
        if name == "table":
            self.sheets.append((attributes.get("table:name", ""), []))
            self.number = 1
        elif name == "table-row" and self.sheets:
            self.times, self.column, self.cells = _times(attributes, "table:number-rows-repeated"), 0, []
        elif name in ("table-cell", "covered-table-cell"):
            self.cell_depth, self.attributes, self.paragraphs, self.has_text = 1, attributes, [], False
            self.repeats = _times(attributes, "table:number-columns-repeated")

    def _inside_cell(self, name: str) -> None:
        self.cell_depth += 1
        if name == "annotation" or self.note_depth:
            self.note_depth += 1
        elif name == "p":
            self.paragraphs.append("")
            self.has_text = True
        elif name in ("s", "tab", "line-break") and self.paragraphs:
            self.paragraphs[-1] += " "

    def text(self, data: str) -> None:
        if self.cell_depth > 1 and not self.note_depth and self.paragraphs:
            self.paragraphs[-1] += data

    def end(self, name: str) -> None:
        name = local(name)
        if self.cell_depth:
            self.cell_depth -= 1
            self.note_depth -= bool(self.note_depth)
            if not self.cell_depth:
                self._cell_ends()
        elif name == "table-row" and self.sheets:
            self._row_ends()

    def _cell_ends(self) -> None:
        kind = self.attributes.get("office:value-type", "")
        shown = "\n".join(self.paragraphs)
        value: Any = shown
        if kind in _NUMBERS:
            value = self.attributes.get("office:value", shown)
        elif kind == "boolean":
            value = self.attributes.get("office:boolean-value") == "true"
        elif kind == "date":
            value = self.attributes.get("office:date-value", shown)
        elif kind == "time":
            value = self.attributes.get("office:time-value", shown)
        elif kind == "string":
            value = self.attributes.get("office:string-value", shown)
        is_error = shown.startswith(("#", "Err:")) and "table:formula" in self.attributes and value in (None, "", shown, "0")
        if "table:formula" in self.attributes and ((not kind and not shown) or is_error):
            self.tally.note_unvalued(self.sheets[-1][0] if self.sheets else None, f"row {self.number}, column {self.column + 1}")
        if value not in (None, ""):
            self.cells.append((self.column, self.repeats, value))
        self.column += self.repeats

    def _row_ends(self) -> None:
        if self.cells:
            last, repeats, _ = self.cells[-1]
            values: list[Any] = [None] * (last + repeats)
            for column, times, value in self.cells:
                values[column : column + times] = [value] * times
            self.sheets[-1][1].extend((self.number + n, values) for n in range(self.times))
        self.number += self.times


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, 1)))
