"""Which cells of a line are not what the kind's fields say they are: facts, by field, for the rules to judge.

Belongs here: looking a line's cells up in the registry and in the lists of `Kind`. Must not: decide what a fault costs a line
(that is `expectations`). One flag may be broken by several cells of a line: each is named, so that one reading of the report is
enough to mend the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ingest.kinds import Field, Kind
from ingest.registry import Registry
from ingest.values.text import header_key


@dataclass(frozen=True)
class CellFault:
    """A cell that breaks a flag: its field, its text (None: blank), and what the field allows, where that is a list or a range."""

    field_name: str
    value: str | None
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


LineFaults = Sequence[tuple[CellFault, ...]]
_Row = Mapping[str, object]


def cell_faults(lines: pd.DataFrame, kind: Kind, registry: Registry, flags: Sequence[str]) -> dict[str, LineFaults]:
    """For each of the flags wanted, the faults of every line in order; names that are no flags of this module are left out."""
    wanted = {name: _FLAGS[name] for name in flags if name in _FLAGS}
    if not wanted:
        return {}
    rows = [dict(zip(lines.columns, values, strict=True)) for values in lines.itertuples(index=False, name=None)]
    lookup = _Lookup(kind, registry)
    return {name: [tuple(find(lookup, row)) for row in rows] for name, find in wanted.items()}


def raw_text(row: _Row, field: Field) -> str | None:
    """The text of a line's cell as it stood in the file; None where it was blank."""
    name = "amount_raw" if field.name == "amount_gbp" else field.name if field.type == "text" else f"{field.name}_raw"
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else None


class _Lookup:
    """What a kind and the registry say of a line's cells; a method for each flag."""

    def __init__(self, kind: Kind, registry: Registry) -> None:
        self.kind, self.registry = kind, registry

    def blank(self, row: _Row) -> Iterator[CellFault]:
        """Mandatory cells that are blank; the amount and the line's own agency have rules of their own."""
        for field in self.kind.fields:
            if field.is_mandatory and field.name not in ("amount_gbp", self.kind.agency_field) and raw_text(row, field) is None:
                yield CellFault(field.name, None)

    def expected_blank(self, row: _Row) -> Iterator[CellFault]:
        for field in self.kind.fields:
            is_withheld = field.name in self.kind.name_of_individual and row.get("recipient_is_individual") is True
            if field.is_expected and not is_withheld and raw_text(row, field) is None:
                yield CellFault(field.name, None)

    def unreadable(self, row: _Row) -> Iterator[CellFault]:
        """Dates, figures, yes and no that could not be read; the amount has a rule of its own."""
        for field in self.kind.fields:
            if field.type in ("text", "mark") or field.name == "amount_gbp":
                continue
            text = raw_text(row, field)
            if text is not None and _is_missing(row.get(field.name)):
                yield CellFault(field.name, text)

    def unlisted_words(self, row: _Row) -> Iterator[CellFault]:
        for field in self.kind.fields:
            value = row.get(field.name)
            if field.allowed and not _is_missing(value) and str(value) not in field.allowed:
                yield CellFault(field.name, raw_text(row, field), field.allowed)

    def unknown_themes(self, row: _Row) -> Iterator[CellFault]:
        for field in self.kind.fields_of("theme"):
            value = row.get(field.name)
            if isinstance(value, str) and value not in self.registry.theme_codes:
                yield CellFault(field.name, value)

    def unregistered_agencies(self, row: _Row) -> Iterator[CellFault]:
        """Agencies that a line cannot do without, its own left out."""
        for field in self.kind.fields_of("agency"):
            value = row.get(field.name)
            if (
                field.is_mandatory
                and field.name != self.kind.agency_field
                and isinstance(value, str)
                and value not in self.registry.agencies
            ):
                yield CellFault(field.name, value)

    def unregistered_partners(self, row: _Row) -> Iterator[CellFault]:
        """Agencies that a line may name: optional columns and lists."""
        for field in (*self.kind.fields_of("agency"), *self.kind.fields_of("agencies")):
            if (field.is_mandatory and field.codes == "agency") or field.name == self.kind.agency_field:
                continue
            value = row.get(field.name)
            slugs = value.split(";") if isinstance(value, str) else []
            yield from (CellFault(field.name, slug) for slug in slugs if slug not in self.registry.agencies)

    def dates_reversed(self, row: _Row) -> Iterator[CellFault]:
        for first, later in self.kind.date_pairs:
            start, end = row.get(first), row.get(later)
            if isinstance(start, date) and isinstance(end, date) and end < start:
                yield CellFault(later, f"{end.isoformat()}, before {first.replace('_', ' ')} {start.isoformat()}")

    def out_of_range(self, row: _Row) -> Iterator[CellFault]:
        for field in self.kind.fields:
            value = row.get(field.name)
            if (field.low is None and field.high is None) or _is_missing(value):
                continue
            number = float(value)  # type: ignore[arg-type]
            if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
                yield CellFault(field.name, raw_text(row, field), (), field.low, field.high)

    def other_funder(self, row: _Row) -> Iterator[CellFault]:
        name = row.get("funder_name")
        if isinstance(name, str) and self.registry.agency_by_name.get(header_key(name)) != row.get("agency_slug"):
            yield CellFault("funder_name", name)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or value != value


_FLAGS: dict[str, Callable[[_Lookup, _Row], Iterator[CellFault]]] = {
    "has_mandatory_cells": _Lookup.blank,
    "has_expected_cells": _Lookup.expected_blank,
    "is_readable": _Lookup.unreadable,
    "has_listed_words": _Lookup.unlisted_words,
    "has_listed_theme": _Lookup.unknown_themes,
    "has_registered_agencies": _Lookup.unregistered_agencies,
    "has_registered_partners": _Lookup.unregistered_partners,
    "has_dates_in_order": _Lookup.dates_reversed,
    "is_in_range": _Lookup.out_of_range,
    "has_own_funder": _Lookup.other_funder,
}
