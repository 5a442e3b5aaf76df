"""What a second count is: rows per sheet, pounds per row, and what kept it from being made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Rows = Iterable[tuple[int, list[Any]]]  # (row number, values), in order; what is left out is blank
NOTED = 1_000  # addresses of cells without a value that are kept


class TallyFailed(RuntimeError):
    """The second count could not be made; the ledger's rules then could not run."""


@dataclass
class Tally:
    """Rows per sheet and pounds per row, as the second count finds them. `unvalued`: (sheet, cell) of formulas whose result is not
    in the file, and of errors such as #REF!; `unvalued_count` counts them all."""

    row_counts: dict[str | None, int] = field(default_factory=dict[str | None, int])
    row_gbp: dict[tuple[str | None, int], Decimal] = field(default_factory=dict[tuple[str | None, int], Decimal])
    unvalued: list[tuple[str | None, str]] = field(default_factory=list[tuple[str | None, str]])
    unvalued_count: int = 0

    @property
    def row_count(self) -> int:
        return sum(self.row_counts.values())

    @property
    def total_gbp(self) -> Decimal:
        return sum(self.row_gbp.values(), Decimal("0.00"))

    def note_unvalued(self, sheet_name: str | None, cell: str) -> None:
        """A cell that shows something whose value the file does not hold."""
        self.unvalued_count += 1
        if len(self.unvalued) < NOTED:
            self.unvalued.append((sheet_name, cell))
