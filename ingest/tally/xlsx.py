"""XLSX, counted from its XML: cells by their own addresses, in the transitional and the strict vocabulary."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from ingest.tally.shape import Rows, Tally, TallyFailed
from ingest.tally.xml_walk import feed, local


def xlsx_sheets(content: bytes, tally: Tally) -> Iterator[tuple[str | None, Rows]]:
    """(name, rows) of every worksheet, rows up to the last that holds a value."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    targets: dict[str, str] = {}
    for attributes in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = attributes["Target"]
        targets[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    strings = _shared_strings(archive)
    for attributes in _elements(archive, "xl/workbook.xml", "sheet"):
        path = targets[attributes["id"]]
        if "worksheets/" in path:
            name = attributes["name"]
            with archive.open(path) as handle:
                yield name, _Sheet(name, strings, tally).rows(handle)


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of that name, under their own names without prefixes."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == wanted:
            found.append({local(key): value for key, value in attributes.items()})

    with archive.open(part) as handle:
        for _ in feed(handle, start, lambda _: None):
            pass
    return found


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    part = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return []
    strings: list[str] = []
    bits: list[str] = []
    depth = {"t": 0, "rPh": 0}

    def start(name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            bits.clear()
        elif name in depth:
            depth[name] += 1

    def end(name: str) -> None:
        name = local(name)
        if name == "si":
            strings.append("".join(bits))
        elif name in depth:
            depth[name] -= 1

    def text(data: str) -> None:
        if depth["t"] and not depth["rPh"]:
            bits.append(data)

    with archive.open(part) as handle:
        for _ in feed(handle, start, end, text):
            pass
    return strings


class _Sheet:
    """One worksheet as it is walked: the row at hand, the cell at hand, and rows waiting to be taken."""

    def __init__(self, name: str, strings: list[str], tally: Tally) -> None:
        self.name, self.strings, self.tally = name, strings, tally
        self.number, self.column = 0, 0
        self.cells: dict[int, Any] = {}
        self.bits: list[str] = []
        self.is_text, self.has_value, self.has_formula = False, False, False
        self.kind, self.address = "n", ""
        self.done: list[tuple[int, list[Any]]] = []

    def rows(self, handle: IO[bytes]) -> Rows:
        for _ in feed(handle, self.start, self.end, self.text):
            yield from self.done
            self.done.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self.address, self.kind = attributes.get("r", ""), attributes.get("t", "n")
            self.column = _column_index(self.address, self.column)
            self.bits = []
            self.has_value = self.has_formula = False
        elif name == "row":
            given = int(attributes.get("r", self.number + 1))
            if given <= self.number:
                raise TallyFailed(f"row {given} of sheet '{self.name}' stands after row {self.number}")
            self.number, self.column, self.cells = given, 0, {}
        elif name == "v" or name == "t":
            self.is_text = self.has_value = True
        elif name == "f":
            self.has_formula = True

    def text(self, data: str) -> None:
        if self.is_text:
            self.bits.append(data)

    def end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "v" or name == "t":
            self.is_text = False
        elif name == "c":
            if self.kind == "e" or (self.has_formula and not self.has_value):
                self.tally.note_unvalued(self.name, self.address or f"row {self.number}")
            value = self._value()
            if value not in (None, ""):
                self.cells[self.column] = value
            else:
                self.cells.pop(self.column, None)
            self.column += 1
        elif name == "row" and self.cells:
            values: list[Any] = [None] * (max(self.cells) + 1)
            for column, value in self.cells.items():
                values[column] = value
            self.done.append((self.number, values))

    def _value(self) -> Any:
        text = "".join(self.bits)
        if not self.has_value or self.kind == "e":
            return None
        if self.kind == "s":
            return self.strings[int(text)] if text else None
        if self.kind == "b":
            return text.strip() == "1"
        return float(text) if self.kind == "n" and text else text


def _column_index(reference: str, default: int) -> int:
    letters = re.match(r"[A-Za-z]{1,3}", reference)
    if not letters:
        return default
    index = 0
    for letter in letters.group().upper():
        index = index * 26 + ord(letter) - 64
    return index - 1
