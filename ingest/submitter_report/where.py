"""Where findings stand, in few words: runs of rows and of cells.

Belongs here: numbers to ranges, ranges to words. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Range = tuple[int, int]
_CELL = re.compile(r"^([A-Z]{1,3})([0-9]+)$")


@dataclass(frozen=True)
class Place:
    """Rows of one sheet, and the column where all of them point at one ("" otherwise)."""

    sheet_name: str | None
    column: str
    rows: tuple[Range, ...]

    @property
    def row_count(self) -> int:
        return sum(last - first + 1 for first, last in self.rows)


def column_of(cell_ref: str | None) -> str:
    """ "D" of "D12"; "" where there is no such reference."""
    match = _CELL.match(cell_ref or "")
    return match[1] if match else ""


def row_ranges(numbers: Iterable[int]) -> tuple[Range, ...]:
    """Sorted runs, first and last row both inside: (1, 2, 3, 7) gives (1, 3), (7, 7)."""
    runs: list[Range] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def place_in_words(place: Place, limit: int = 12) -> str:
    """ "rows 12-48, 60, 71-73 of sheet 'April' (cells D12:D48, D60, D71:D73)"; after `limit` runs it says how many rows more."""
    shown = place.rows[:limit]
    rows = f"{'row' if place.row_count == 1 else 'rows'} {', '.join(_run(run) for run in shown)}"
    rest = place.row_count - sum(last - first + 1 for first, last in shown)
    more = f" and {rest:,} more" if rest else ""
    sheet = f" of sheet '{place.sheet_name}'" if place.sheet_name else ""
    if not place.column:
        return f"{rows}{more}{sheet}"
    cells = ", ".join(_run(run, place.column, ":") for run in shown)
    return f"{rows}{more}{sheet} ({'cell' if place.row_count == 1 else 'cells'} {cells}{', ...' if rest else ''})"


def places_in_words(places: Sequence[Place], limit: int = 12) -> str:
    """Every place, the first eight in full; "" where findings point at no row."""
    words = [place_in_words(place, limit) for place in places[:8]]
    if len(places) > 8:
        words.append(f"and {sum(place.row_count for place in places[8:]):,} more rows of other sheets or columns")
    return "; ".join(words)


def _run(run: Range, column: str = "", to: str = "-") -> str:
    first, last = run
    return f"{column}{first}" if first == last else f"{column}{first}{to}{column}{last}"
