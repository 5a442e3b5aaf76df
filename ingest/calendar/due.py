"""The returns due as of a day: one row per agency, kind and period, with what became of it.

Belongs here: which periods are owed, when each is due, and its state. Must not: tell the time (the day is given).

A return is owed by an agency that has sent the kind before, from the first period it sent, or from the `valid_from` of a calendar
row that names the agency. Nothing is asked for before the agency began or after it ended, nor further back than `YEARS_BACK`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ingest.calendar.rhythm import finer, last_day, learned_rhythm, period_holding, periods_between
from ingest.calendar.rules import CalendarRule, rules_for
from ingest.periods import Period

State = Literal["not_yet_due", "received", "late", "not_received", "held"]
YEARS_BACK = 20  # one return with a slip of the pen for a date must not owe a century of months


@dataclass(frozen=True)
class Seen:
    """A revision of a return that is in the home. `landed_on`: the first landing of its file; `published_on`: what `files.csv`
    says, None where it says nothing. `status`: `in_service`, `superseded`, `held`."""

    publisher_slug: str
    agency_slug: str
    kind: str
    period: Period
    status: str
    landed_on: date
    published_on: date | None = None

    @property
    def received_on(self) -> date:
        return self.published_on or self.landed_on


@dataclass(frozen=True)
class AgencyFacts:
    """What the registry says of an agency: its type, and the days on which it began and ended (exclusive)."""

    agency_type: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class ReturnDue:
    """One return due. `received_basis`: `published` where the place says when it was published, else `landed`. `is_late` None:
    nobody can tell, because it was due before the first return of the agency and kind landed here and nothing says when it was
    published. `days_late`: after `due_on`, of a return that came late or is owed now. `is_part_received`: returns in service cover
    some of it."""

    agency_slug: str
    kind: str
    period: Period
    publisher_slug: str
    frequency: str
    due_on: date
    grace_until: date
    state: State
    received_on: date | None
    received_basis: str | None
    is_late: bool | None
    days_late: int | None
    is_part_received: bool
    source: str


def returns_due(
    seen: Iterable[Seen], rules: Sequence[CalendarRule], agencies: Mapping[str, AgencyFacts], as_of: date
) -> list[ReturnDue]:
    """Every return due as of a day, by agency, kind and period; the period that the day lies in is the last."""
    sent: dict[tuple[str, str], list[Seen]] = {}
    for one in seen:
        sent.setdefault((one.agency_slug, one.kind), []).append(one)
    for rule in rules:
        if rule.agency_slug and rule.valid_from is not None:
            sent.setdefault((rule.agency_slug, rule.kind), [])
    found: list[ReturnDue] = []
    for (agency, kind), mine in sorted(sent.items()):
        facts = agencies.get(agency, AgencyFacts())
        own = rules_for(rules, kind, agency, facts.agency_type)
        if own:
            found += _due_of(agency, kind, mine, own, facts, as_of)
    return found


def _due_of(
    agency: str, kind: str, seen: Sequence[Seen], rules: Sequence[CalendarRule], facts: AgencyFacts, as_of: date
) -> list[ReturnDue]:
    good = [one for one in seen if one.status != "held"]
    firsts: dict[Period, date] = {}
    for one in good:
        firsts[one.period] = min(one.received_on, firsts.get(one.period, one.received_on))
    serving = [one for one in seen if one.status == "in_service"]
    stated = [rule.valid_from for rule in rules if rule.agency_slug and rule.valid_from]
    first = min(stated, default=None) or min((one.period.start for one in seen), default=None)
    if first is None:
        return []
    first = max(first, facts.valid_from or first, date(as_of.year - YEARS_BACK, 4, 1))
    length = finer(rules[-1].frequency, learned_rhythm([one.period for one in good]))
    publisher = max(seen, key=lambda one: (one.period, one.publisher_slug)).publisher_slug if seen else agency
    watched_from = min((one.landed_on for one in seen), default=None)
    found: list[ReturnDue] = []
    for period in periods_between(length, first, as_of):
        rule = next((rule for rule in rules if rule.holds_on(last_day(period))), None)
        if rule is None or (facts.valid_to is not None and period.start >= facts.valid_to):
            continue
        # a month of a rule of quarters is due with its quarter: nobody is late sooner than the rule says
        asked_for = period_holding(rule.frequency, last_day(period))
        due_on = last_day(asked_for) + timedelta(days=rule.due_days)
        grace_until = due_on + timedelta(days=rule.grace_days)
        covering = [one for one in serving if one.period.start < period.end and one.period.end > period.start]
        is_held = any(one.status == "held" and one.period.start < period.end and one.period.end > period.start for one in seen)
        received_on = _received_on(period, covering, firsts)
        state = _state(received_on is not None, is_held, as_of, due_on, grace_until)
        is_late: bool | None = None
        basis: str | None = None
        if received_on is not None:
            is_published = all(one.published_on is not None for one in covering)
            basis = "published" if is_published else "landed"
            if is_published or (watched_from is not None and due_on >= watched_from):
                is_late = received_on > due_on
        else:
            is_late = as_of > due_on
        days = ((received_on or as_of) - due_on).days
        found.append(ReturnDue(
            agency, kind, period, publisher, length, due_on, grace_until, state, received_on, basis, is_late,
            days if is_late else None, received_on is None and bool(covering), rule.source,
        ))  # fmt: skip
    return found


def _received_on(period: Period, covering: Sequence[Seen], firsts: Mapping[Period, date]) -> date | None:
    """The day by which returns in service covered the whole period; None where they do not. A correction does not make it later:
    each period counts from the first good return of it (`firsts`)."""
    reached = period.start
    for one in sorted(covering, key=lambda one: one.period):
        if one.period.start > reached:
            return None
        reached = max(reached, one.period.end)
    if reached < period.end or not covering:
        return None
    whole = [firsts[one.period] for one in covering if one.period.start <= period.start and one.period.end >= period.end]
    return min(whole) if whole else max(firsts[one.period] for one in covering)


def _state(is_received: bool, is_held: bool, as_of: date, due_on: date, grace_until: date) -> State:
    if is_received:
        return "received"
    if is_held:
        return "held"
    if as_of <= due_on:
        return "not_yet_due"
    return "late" if as_of <= grace_until else "not_received"
