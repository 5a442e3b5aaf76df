"""Returns, revisions, and which revision is in service (design: contract, "Return, period, revision").

Belongs here: pure functions over file records. The result does not depend on the order of arrival where `published_as_at` is
given; nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def decide_revisions(files: Iterable[FileRecord], as_known_on: datetime | None = None) -> list[Revision]:
    """Number the revisions of every return and choose the one in service: the latest that is not held.

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
    return revisions


def _order(item: tuple[FileRecord, PartRecord], as_known_on: datetime | None) -> tuple[datetime, str, str]:
    file, _ = item
    landed_at = file.landed_at if as_known_on is None or file.landed_at <= as_known_on else file.first_landed_at
    return (file.published_as_at or landed_at, file.file_sha256, file.file_name)
