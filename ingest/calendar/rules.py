"""The rules of the calendar: rows of the shipped `registry/calendar.csv` and of a place's own.

Belongs here: rows to rules, and which rules hold for an agency. Must not: reckon days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CalendarRule:
    """A return of `kind` is due for every `frequency` (`month`, `quarter`, `financial_year`), `due_days` after the last day of it;
    `grace_days` later it counts as not received. `agency_types` empty: of any type; `agency_slug` "": of any agency. Valid for
    periods whose last day lies in [valid_from, valid_to)."""

    kind: str
    frequency: str
    due_days: int
    grace_days: int
    source: str
    agency_types: frozenset[str] = frozenset()
    agency_slug: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    is_added: bool = False

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """The higher goes before: a place's own row before a shipped one, then an agency's, a type's, everybody's."""
        return (self.is_added, bool(self.agency_slug), bool(self.agency_types))

    def is_for(self, kind: str, agency_slug: str, agency_type: str) -> bool:
        return (
            self.kind == kind
            and self.agency_slug in ("", agency_slug)
            and (not self.agency_types or agency_type in self.agency_types)
        )

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def calendar_rules(shipped: Iterable[Mapping[str, str]], added: Iterable[Mapping[str, str]] = ()) -> list[CalendarRule]:
    """Rules of usable registry rows (`ingest.registry.validation` has left the others out)."""
    return [_rule(row, is_added=False) for row in shipped] + [_rule(row, is_added=True) for row in added]


def rules_for(rules: Sequence[CalendarRule], kind: str, agency_slug: str, agency_type: str) -> list[CalendarRule]:
    """The rules of one agency and kind: those of the highest rank, which take the place of all others in every period. So a row
    that ends (`valid_to`) ends the duty, and does not bring a general rule back."""
    mine = [rule for rule in rules if rule.is_for(kind, agency_slug, agency_type)]
    best = max((rule.rank for rule in mine), default=None)
    return sorted((rule for rule in mine if rule.rank == best), key=lambda rule: rule.valid_from or date.min)


def _rule(row: Mapping[str, str], *, is_added: bool) -> CalendarRule:
    return CalendarRule(
        kind=row["kind"],
        frequency=row["frequency"],
        due_days=int(row["due_days"]),
        grace_days=int(row.get("grace_days") or 0),
        source=row.get("source", ""),
        agency_types=frozenset(part for part in row.get("agency_type", "").split(";") if part),
        agency_slug=row.get("agency_slug", ""),
        valid_from=_day(row.get("valid_from", "")),
        valid_to=_day(row.get("valid_to", "")),
        is_added=is_added,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
