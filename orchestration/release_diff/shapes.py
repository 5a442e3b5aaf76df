"""What a comparison of two releases says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

NOUGHT = Decimal("0.00")
UNEXPLAINED = "unexplained"


def pounds(pence: int) -> Decimal:
    """Whole pence as pounds, exactly."""
    return Decimal(pence).scaleb(-2)


class Figure(NamedTuple):
    """The grain of mart_spend_by_place, by which a figure is found in both releases."""

    place_code: str
    financial_year: str
    agency_slug: str
    capital_or_revenue: str | None
    expenditure_basis: str | None
    place_basis: str | None
    method_grade: str | None


@dataclass(frozen=True)
class Cause:
    """One reason for part of a difference. `kind`: return_added, return_removed, revision_replaced, waiver, repeated_rows, layer,
    treatment, a group of `made_with` (registry, seeds, mappings, rules, models, code, settings), or unexplained. `files` are the
    published files, or those of the repository and registry, that changed; `sha256` are those of published files."""

    kind: str
    words: str
    return_id: str | None = None
    revision_before: str | None = None
    revision_after: str | None = None
    files: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()
    aggregate_gbp: Decimal = NOUGHT
    consolidated_gbp: Decimal = NOUGHT


@dataclass(frozen=True)
class ChangedFigure:
    """A row of mart_spend_by_place that differs. `before` and `after` hold its columns that differ, NULL where the row is not
    there. The money of `causes` sums to the difference, exactly."""

    figure: Figure
    place_name: str | None
    aggregate_before_gbp: Decimal | None
    aggregate_after_gbp: Decimal | None
    consolidated_before_gbp: Decimal | None
    consolidated_after_gbp: Decimal | None
    before: dict[str, Any] = field(default_factory=dict[str, Any])
    after: dict[str, Any] = field(default_factory=dict[str, Any])
    causes: tuple[Cause, ...] = ()

    @property
    def aggregate_difference_gbp(self) -> Decimal:
        return (self.aggregate_after_gbp or NOUGHT) - (self.aggregate_before_gbp or NOUGHT)

    @property
    def consolidated_difference_gbp(self) -> Decimal:
        return (self.consolidated_after_gbp or NOUGHT) - (self.consolidated_before_gbp or NOUGHT)

    @property
    def is_explained(self) -> bool:
        return all(cause.kind != UNEXPLAINED for cause in self.causes)


@dataclass(frozen=True)
class InputChange:
    """A return revision whose part in the release changed. Status None: the release does not know it."""

    return_id: str
    revision_id: str
    file_name: str
    sha256: str
    status_before: str | None
    status_after: str | None
    words: str


@dataclass(frozen=True)
class RuleChange:
    """A rule whose results changed, over all returns in service."""

    rule_id: str
    failed_before: int
    failed_after: int
    findings_before: int
    findings_after: int


@dataclass(frozen=True)
class TableChange:
    """A table whose content changed: rows, and the sums that differ as (column, before, after). Rows None: no such table."""

    table: str
    rows_before: int | None
    rows_after: int | None
    sums_gbp: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True)
class ReleaseDiff:
    """Everything that differs between two releases, figures by size of difference."""

    before_id: str
    after_id: str
    inputs: tuple[InputChange, ...]
    made_with: dict[str, list[str]]
    rules: tuple[RuleChange, ...]
    tables: tuple[TableChange, ...]
    figures: tuple[ChangedFigure, ...]

    @property
    def is_same(self) -> bool:
        return not (self.tables or self.figures)

    @property
    def is_explained(self) -> bool:
        return all(figure.is_explained for figure in self.figures)

    @property
    def difference_gbp(self) -> Decimal:
        return sum((figure.consolidated_difference_gbp for figure in self.figures), NOUGHT)

    @property
    def by_cause(self) -> list[Cause]:
        """The money of each cause over all figures, largest first; files and revisions are those of the cause."""
        return gathered(cause for figure in self.figures for cause in figure.causes)


def gathered(causes: Iterable[Cause]) -> list[Cause]:
    """Causes that say the same as one, with their money summed, largest first."""
    found: dict[tuple[object, ...], Cause] = {}
    for cause in causes:
        key = (cause.kind, cause.words, cause.return_id, cause.revision_before, cause.revision_after)
        earlier = found.get(key)
        found[key] = cause if earlier is None else replace(
            earlier, aggregate_gbp=earlier.aggregate_gbp + cause.aggregate_gbp,
            consolidated_gbp=earlier.consolidated_gbp + cause.consolidated_gbp,
        )  # fmt: skip
    return sorted(found.values(), key=lambda c: (-max(abs(c.consolidated_gbp), abs(c.aggregate_gbp)), c.kind, c.words))
