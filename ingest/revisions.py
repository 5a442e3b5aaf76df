"""Returns, revisions, and which revision is in service (design: contract, "Return, period, revision").

Belongs here: pure functions over file records: the order of revisions, the one publisher of a return, the order of files whose
rows may stand in more than one. The result does not depend on the order of arrival where `published_as_at` is given; nothing
is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from ingest.records import FileRecord, PartRecord

Status = Literal["in_service", "superseded", "held"]


@dataclass(frozen=True)
class Revision:
    """One revision of a return with its number (1 is the first published) and status."""

    file: FileRecord
    part: PartRecord
    revision_number: int
    status: Status
    superseded_by: str | None = None  # the revision of another publisher that is in service in its stead


def decide_revisions(files: Iterable[FileRecord], as_known_on: datetime | None = None) -> list[Revision]:
    """Number the revisions of every return and choose the one in service: the latest that is not held. Where two publishers
    return the same agency, kind and period, one of them is (`one_publisher_each`).

    `as_known_on` looks only at files that had landed by then (content that came back later counts from its first
    landing). A held revision never replaces the last good one.
    """
    returns: dict[str, list[tuple[FileRecord, PartRecord]]] = {}
    for file in files:
        if as_known_on is not None and file.first_landed_at > as_known_on:
            continue
        for part in file.parts:
            returns.setdefault(part.return_id, []).append((file, part))
    revisions: list[Revision] = []
    for return_id in sorted(returns):
        ordered = sorted(returns[return_id], key=lambda item: _order(item, as_known_on))
        good = [i for i, (_, part) in enumerate(ordered) if not part.is_held]
        for i, (file, part) in enumerate(ordered):
            status: Status = "held" if part.is_held else "in_service" if i == good[-1] else "superseded"
            revisions.append(Revision(file, part, i + 1, status))
    return one_publisher_each(revisions)


def one_publisher_each(revisions: Iterable[Revision]) -> list[Revision]:
    """Of publishers that return the same agency, kind and period, the agency's own folder stays in service, else the publisher
    whose slug comes first; the others' revisions are superseded. Parts that hold many agencies are not compared."""
    found = list(revisions)
    rivals: dict[tuple[str, str, str], list[Revision]] = {}
    for revision in found:
        part = revision.part
        if revision.status == "in_service" and part.agency_slug and part.kind and part.period:
            rivals.setdefault((part.agency_slug, part.kind, part.period), []).append(revision)
    winners = {key: min(group, key=_preference) for key, group in rivals.items()}
    decided: list[Revision] = []
    for revision in found:
        part = revision.part
        winner = winners.get((part.agency_slug or "", part.kind or "", part.period or ""))
        is_rival = winner is not None and winner.file.publisher_slug != revision.file.publisher_slug
        if revision.status == "in_service" and winner is not None and is_rival:
            revision = replace(revision, status="superseded", superseded_by=winner.part.revision_id)
        decided.append(revision)
    return decided


def _preference(revision: Revision) -> tuple[bool, str, str]:
    return (revision.file.publisher_slug != revision.part.agency_slug, revision.file.publisher_slug, revision.part.return_id)


def file_order(revisions: Iterable[Revision]) -> dict[str, int]:
    """revision_id -> place of its file among the files in service: a row that stands in several files is counted in the first.

    By period (begins earlier, then ends earlier: a month goes before its quarter, a quarter before its year), then sha256, then
    name. All returns of one file share one place: lines of one file never repeat each other.
    """
    periods: dict[tuple[str, str], tuple[str, str]] = {}
    serving = [r for r in revisions if r.status == "in_service"]
    for revision in serving:
        key = (revision.file.file_sha256, revision.file.file_name)
        period = (revision.part.period_start or "9999", revision.part.period_end or "9999")
        periods[key] = min(period, periods.get(key, period))
    ordered = {key: place for place, (key, _) in enumerate(sorted(periods.items(), key=lambda item: (item[1], item[0])))}
    return {r.part.revision_id: ordered[(r.file.file_sha256, r.file.file_name)] for r in serving}


def _order(item: tuple[FileRecord, PartRecord], as_known_on: datetime | None) -> tuple[datetime, datetime, str, str]:
    """A correction that leaves the lines' own dates of change as they were is told from what it corrects by its landing alone."""
    file, _ = item
    landed_at = file.landed_at if as_known_on is None or file.landed_at <= as_known_on else file.first_landed_at
    published_at = file.published_as_at or landed_at
    return (published_at, landed_at if file.is_dated_by_lines else published_at, file.file_sha256, file.file_name)
