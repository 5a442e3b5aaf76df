"""Withdrawn returns: taken out of service by a person, with a reason; nothing is deleted (design: contract, `returns withdraw`).

Belongs here: `withdrawn.json` (return_id -> what was decided, oldest first, each with reason and instant: withdrawn, or restored
with a name) and holding what it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.durable import checked_json, read_checked, written_aside
from ingest.home import Home
from ingest.records import FileRecord, PartRecord

WITHDRAWN = "withdrawn"  # stands among the rules that hold a return


def _path(home: Home) -> Path:
    return home.root / "withdrawn.json"


def _events(home: Home) -> dict[str, list[dict[str, str | None]]]:
    """Withdrawals as written. A file of before instants were kept has only a reason: it holds whatever the instant.

    Raises FileDamaged: what a person took out of service must not come back by a fault.
    """
    path = _path(home)
    data: dict[str, str | list[dict[str, str | None]]] = read_checked(path) if path.exists() else {}
    return {
        return_id: [{"reason": given, "withdrawn_at": None}] if isinstance(given, str) else given
        for return_id, given in data.items()
    }


def withdrawals(home: Home, as_known_on: datetime | None = None) -> dict[str, str]:
    """return_id -> reason, the latest given by the instant, of those not restored since."""
    found: dict[str, str] = {}
    for return_id, events in _events(home).items():
        for event in events:
            is_restored = "restored_at" in event
            at = event["restored_at"] if is_restored else event["withdrawn_at"]
            if as_known_on is not None and at is not None and datetime.fromisoformat(at) > as_known_on:
                continue
            if is_restored:
                found.pop(return_id, None)
            else:
                found[return_id] = event["reason"] or ""
    return found


def withdraw(home: Home, return_id: str, reason: str, at: datetime) -> None:
    """Take a return out of service, all its revisions."""
    _append(home, return_id, {"reason": reason, "withdrawn_at": at.isoformat()})


def restore(home: Home, return_id: str, reason: str, by: str, at: datetime) -> None:
    """Put a withdrawn return back into service, as far as the rules let it."""
    _append(home, return_id, {"reason": reason, "restored_at": at.isoformat(), "by": by})


def _append(home: Home, return_id: str, event: dict[str, str | None]) -> None:
    events = _events(home)
    events.setdefault(return_id, []).append(event)
    with written_aside(_path(home)) as aside:
        aside.write_text(checked_json(events))


def apply_withdrawals(records: Sequence[FileRecord], withdrawn: dict[str, str]) -> list[FileRecord]:
    """Records in which the parts of withdrawn returns are held, with the reason."""

    def held(part: PartRecord) -> PartRecord:
        reason = withdrawn.get(part.return_id)
        if reason is None:
            return part
        return replace(part, is_held=True, hold_reason=f"withdrawn: {reason}", held_by=[WITHDRAWN], suspense=[])

    return [replace(record, parts=[held(part) for part in record.parts]) for record in records]
