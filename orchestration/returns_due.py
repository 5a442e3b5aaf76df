"""The returns due of a home: its revisions and registry laid before the calendar, and the answer as the table `intake.returns_due`.

Belongs here: turning revisions into what the calendar looks at, and choosing the day. Must not: decide what is due (that is
`ingest.calendar`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from ingest.calendar import AgencyFacts, ReturnDue, Seen, returns_due
from ingest.home import Home
from ingest.periods import parse_period
from ingest.registry import Registry
from ingest.revisions import Revision, decide_revisions

PRESSING = timedelta(days=366)  # what fell due longer ago stands in qa_returns_due; nobody is rung for it
RETURNS_DUE = pa.schema(
    [
        *((name, pa.string()) for name in ("agency_slug", "kind", "period")),
        *((name, pa.date32()) for name in ("period_start", "period_end")),
        *((name, pa.string()) for name in ("publisher_slug", "frequency")),
        *((name, pa.date32()) for name in ("due_on", "grace_until")),
        ("state", pa.string()),
        ("received_on", pa.date32()),
        ("received_basis", pa.string()),
        ("is_late", pa.bool_()),
        ("days_late", pa.int32()),
        ("is_part_received", pa.bool_()),
        ("source", pa.string()),
    ]
)


def day_of_release(revisions: Sequence[Revision], as_known_on: datetime | None) -> date | None:
    """The day that a release speaks of: the instant asked for, else the day on which the last of what it is made of landed. So the
    same inputs give the same rows whenever they are built; what is late today is a question for `due_now`. None: nothing is in."""
    if as_known_on is not None:
        return as_known_on.date()
    return max((revision.file.first_landed_at.date() for revision in revisions), default=None)


def due_of(revisions: Sequence[Revision], registry: Registry, as_of: date) -> list[ReturnDue]:
    """Every return due as of a day, by agency, kind and period."""
    return returns_due(_seen(revisions), registry.calendar, agency_facts(registry.agencies), as_of)


def due_now(home: Home, registry: Registry, today: date) -> list[ReturnDue]:
    """The returns due as of today, from the records of the home."""
    from orchestration.warehouse import current_records  # it imports this module: a release has its own returns due

    return due_of(decide_revisions(current_records(home)), registry, today)


def is_pressing(one: ReturnDue, today: date) -> bool:
    """Late or not received, and due within the last year: somebody should be rung."""
    return one.state in ("late", "not_received") and one.due_on >= today - PRESSING


def due_table(due: Sequence[ReturnDue]) -> pa.Table:
    """The rows of `intake.returns_due`."""
    columns = {name: [getattr(one, name) for one in due] for name in RETURNS_DUE.names if not name.startswith("period")}
    columns |= {
        "period": [one.period.name for one in due],
        "period_start": [one.period.start for one in due],
        "period_end": [one.period.end for one in due],
    }
    return pa.table(columns, schema=RETURNS_DUE)


def agency_facts(agencies: Mapping[str, Mapping[str, str]]) -> dict[str, AgencyFacts]:
    """What the calendar asks of the registry's agencies."""
    return {
        slug: AgencyFacts(row.get("agency_type", ""), _day(row.get("valid_from", "")), _day(row.get("valid_to", "")))
        for slug, row in agencies.items()
    }


def _seen(revisions: Sequence[Revision]) -> Iterator[Seen]:
    """One for each agency of each revision that has a kind and a period. A file of many agencies in which all lines of one are held
    is held for that agency."""
    for revision in revisions:
        part, file = revision.part, revision.file
        period = parse_period(part.period)
        if part.kind is None or period is None:
            continue
        published = None if file.is_dated_by_lines or file.published_as_at is None else file.published_as_at.date()
        landed = file.first_landed_at.date()
        for agency, has_only_held in _agencies(revision).items():
            status = "held" if has_only_held else revision.status
            yield Seen(file.publisher_slug, agency, part.kind, period, status, landed, published)


def _agencies(revision: Revision) -> dict[str, bool]:
    """The agencies of a revision, and whether nothing but held lines is in it for each."""
    accepted, quarantined = Counter[str](), Counter[str]()
    for entry in revision.part.ledger:
        if slug := entry["agency_slug"]:
            accepted[slug] += entry["accepted_count"]
            quarantined[slug] += entry["quarantined_count"]
    slugs = [revision.part.agency_slug] if revision.part.agency_slug else sorted({*accepted, *quarantined})
    return {slug: bool(not accepted[slug] and quarantined[slug]) for slug in slugs}


def _day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
