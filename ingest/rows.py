"""What becomes of every physical row of a file, and the candidate lines found in it.

Belongs here: the shapes that the readers of kinds hand on. Every row is either a line or excluded with a reason; nothing
is dropped on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ingest.headers import Header
from ingest.mapping.proposal import Proposal
from ingest.readers.cells import Cell, cell_reference

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class RowFate:
    """One physical row. `is_line`: it gave at least one candidate line; else `reason` says why it is excluded.

    `excluded_gbp` is the money of the row's cells that are excluded (a total, a subtotal, another measure).
    """

    sheet_name: str | None
    row_number: int
    is_line: bool
    reason: str = ""
    excluded_gbp: Decimal = ZERO
    agency_slug: str | None = None


@dataclass(frozen=True)
class Segment:
    """A run of rows [first_row, last_row] whose money stands in `amount_columns`; `unit_gbp` is what 1 means there.

    This, and nothing else of the parser's work, is what the independent tally is told.
    """

    sheet_name: str | None
    first_row: int
    last_row: int
    amount_columns: tuple[int, ...]
    unit_gbp: int = 1


@dataclass(frozen=True)
class Layout:
    """Which column (from 0) holds which field in the rows [first_row, last_row] of a sheet: so that a finding names its cell."""

    sheet_name: str | None
    first_row: int
    last_row: int
    columns: dict[str, int]


@dataclass(frozen=True)
class RawLine:
    """A candidate line: its address, the cells of its mapped fields, and a mark that lines with equal rows share."""

    sheet_name: str | None
    row_number: int
    amount_column: int
    cells: dict[str, Cell]
    stray_gbp: Decimal | None = None
    row_mark: int = 0


@dataclass(frozen=True)
class OddLine:
    """A record of a large file that its columns alone do not settle: its number and cells, whether it equals an earlier one, how
    many plain lines stand between it and the odd line before, with their money."""

    row_number: int
    cells: list[Cell]
    is_repeated: bool
    plain_count_before: int
    plain_gbp_before: Decimal


@dataclass
class PlainLines:
    """The lines of a large file that break no rule, written to the Parquet file `path` without passing through memory."""

    path: Path
    count: int = 0
    gbp: Decimal = ZERO
    gbp_by_year: dict[str | None, Decimal] = field(default_factory=dict[str | None, Decimal])


@dataclass(frozen=True)
class Control:
    """A total printed in the file beside the sum of what it totals."""

    scope: str
    label: str
    printed_gbp: Decimal
    summed_gbp: Decimal
    tolerance_gbp: Decimal


@dataclass
class Extract:
    """All that reading one file as one kind yields. `told_line_count`: rows that are lines and in no list here, because their
    columns told it (`ingest.bulk.broken`)."""

    lines: list[RawLine] = field(default_factory=list[RawLine])
    rows: list[RowFate] = field(default_factory=list[RowFate])
    segments: list[Segment] = field(default_factory=list[Segment])
    controls: list[Control] = field(default_factory=list[Control])
    notes: list[tuple[str, str, str | None]] = field(default_factory=list[tuple[str, str, str | None]])
    mapped_fields: set[str] = field(default_factory=set[str])
    sheets_without_header: list[str | None] = field(default_factory=list[str | None])
    headers: list[tuple[str | None, Header]] = field(default_factory=list[tuple[str | None, Header]])
    scored: list[Proposal] = field(default_factory=list[Proposal])  # changed headers below the first: accepted, or to hold
    layouts: list[Layout] = field(default_factory=list[Layout])
    told_line_count: int = 0

    def cell_of(self, sheet_name: str | None, row_number: int, field_name: str) -> str | None:
        """The reference ("D12") of a field's cell in a row; None where no column holds the field."""
        for layout in self.layouts:
            if layout.sheet_name == sheet_name and layout.first_row <= row_number <= layout.last_row:
                column = layout.columns.get(field_name)
                return None if column is None else cell_reference(column, row_number)
        return None

    def note(self, rule_id: str, words: str, sheet_name: str | None = None) -> None:
        """Record a decision; it becomes a finding of that rule."""
        self.notes.append((rule_id, words, sheet_name))
