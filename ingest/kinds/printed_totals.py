"""The totals a revenue outturn sheet prints (England, each class, each region) beside the sums of its authorities.

Belongs here: gathering both and comparing them line by line. Which sheet counts and which line is which: `service_expenditure`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ingest.readers.cells import Cell
from ingest.rows import ZERO, Control
from ingest.values.text import cell_text

# A sheet in £ thousand prints whole thousands: figures that add up exactly may print half a thousand apart, no more. The published
# workbooks add up the figures they print, so no allowance is made for each authority.
HALF_OF_THE_LAST_DIGIT = Decimal("500.00")
WHOLE = "England"
# Subtotals of the lines of the count that stand before them; the parts are rounded each for itself.
TOTALS_OF_LINES = ("total_service_expenditure", "net_current_expenditure")
_Sums = defaultdict[int, Decimal]


def _sums() -> _Sums:
    return defaultdict(lambda: ZERO)


@dataclass
class PrintedTotals:
    """`groups`: columns that group authorities (class, region), 0-based. Money by column of the sheet, in pounds."""

    groups: tuple[int, ...]
    _of_all: _Sums = field(default_factory=_sums)
    _of_group: dict[tuple[int, str], _Sums] = field(default_factory=lambda: defaultdict(_sums))
    _printed: list[tuple[str, tuple[int, str] | None, dict[int, Decimal]]] = field(
        default_factory=list[tuple[str, tuple[int, str] | None, dict[int, Decimal]]]
    )

    def add_authority(self, row: list[Cell], money: Mapping[int, Decimal]) -> None:
        """One authority's figures, whether or not they are lines of the count."""
        for column, amount in money.items():
            self._of_all[column] += amount
            for group in self._groups_of(row):
                self._of_group[group][column] += amount

    def add_total(self, name: str, row: list[Cell], money: dict[int, Decimal]) -> None:
        """A row that totals others: England, or the class or region that its own cell names. Other rows are not totals of anything
        that the sheet can be held to."""
        if not money:
            return
        if name == WHOLE.lower():
            self._printed.append((WHOLE, None, money))
        elif name and (groups := self._groups_of(row)):
            group = groups[0]
            self._printed.append((f"{WHOLE}: {name} ({group[1]})", group, money))

    def controls(self, line_keys: Mapping[int, str], roles: Mapping[str, str]) -> list[Control]:
        """One control per printed total and line; memoranda (levels of reserves, numbers of people) are not money of the year."""
        found: list[Control] = []
        for scope, group, money in self._printed:
            sums = self._of_all if group is None else self._of_group[group]
            found += [
                Control(scope, line_keys[column], printed, sums[column], HALF_OF_THE_LAST_DIGIT)
                for column, printed in money.items()
                if roles.get(line_keys[column]) != "memorandum"
            ]
            if group is None:
                found += _of_its_lines(money, line_keys, roles)
        return found

    def _groups_of(self, row: list[Cell]) -> list[tuple[int, str]]:
        texts = [(column, cell_text(row[column])) for column in self.groups if column < len(row)]
        return [(column, text) for column, text in texts if text]


def _of_its_lines(money: Mapping[int, Decimal], line_keys: Mapping[int, str], roles: Mapping[str, str]) -> list[Control]:
    """England's own subtotals against England's own lines, to half of the last digit of each figure."""
    found: list[Control] = []
    for column, printed in money.items():
        if line_keys[column] in TOTALS_OF_LINES:
            lines = [amount for at, amount in money.items() if at < column and roles.get(line_keys[at]) == "outlay"]
            tolerance = HALF_OF_THE_LAST_DIGIT * (len(lines) + 1)
            found.append(Control(f"{WHOLE}, of its lines", line_keys[column], printed, sum(lines, ZERO), tolerance))
    return found


def told_apart(controls: Sequence[Control]) -> list[Control]:
    """The same controls; one printed again (in a second block or sheet) gets a number, so that scope and label name one."""
    seen: Counter[tuple[str, str]] = Counter()
    found: list[Control] = []
    for control in controls:
        seen[control.scope, control.label] += 1
        times = seen[control.scope, control.label]
        found.append(control if times == 1 else replace(control, scope=f"{control.scope}, printed again ({times})"))
    return found
