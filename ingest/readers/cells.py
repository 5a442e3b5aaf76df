"""Rows of cells, as read: the seam between readers and everything that interprets.

A cell is str, int, float, bool, date, datetime, time or None. Row numbers are 1-based and count every row of the sheet
or record of the file, blank ones included, as a spreadsheet shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Cell = Any


class UnreadableFile(ValueError):
    """The file cannot be read as what it is. The message says why, in words for its publisher."""


@dataclass(frozen=True)
class Sheet:
    """One sheet (or the single table of a text file, name None). `rows[i]` is row number i + 1."""

    name: str | None
    rows: list[list[Cell]] = field(repr=False)
    is_hidden: bool = False

    @property
    def row_count(self) -> int:
        return len(self.rows)


def is_blank(cell: Cell) -> bool:
    """True for None, "" and white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


@lru_cache(maxsize=1 << 10)
def column_letter(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA: as a spreadsheet names columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_reference(column: int, row_number: int) -> str:
    return f"{column_letter(column)}{row_number}"
