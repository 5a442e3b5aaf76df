"""Withdrawn returns: taken out of service by a person, with a reason; nothing is deleted (design: contract, `returns withdraw`).

Belongs here: `withdrawn.json` (return_id -> its withdrawals, oldest first, each with reason and instant) and holding what it names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.home import Home, written_aside
from ingest.records import FileRecord, PartRecord

WITHDRAWN = "withdrawn"  # stands among the rules that hold a return


def _path(home: Home) -> Path:
    return home.root / "withdrawn.json"


def _events(home: Home) -> dict[str, list[dict[str, str | None]]]:
    """Withdrawals as written. A file of before instants were kept has only a reason: it holds whatever the instant."""
    path = _path(home)
    data: dict[str, str | list[dict[str, str | None]]] = json.loads(path.read_text()) if path.exists() else {}
    return {
        return_id: [{"reason": given, "withdrawn_at": None}] if isinstance(given, str) else given
        for return_id, given in data.items()
    }


def withdrawals(home: Home, as_known_on: datetime | None = None) -> dict[str, str]:
    """return_id -> reason, the latest given by the instant."""
    found: dict[str, str] = {}
    for return_id, events in _events(home).items():
        for event in events:
            at = event["withdrawn_at"]
            if as_known_on is None or at is None or datetime.fromisoformat(at) <= as_known_on:
                found[return_id] = event["reason"] or ""
    return found


def withdraw(home: Home, return_id: str, reason: str, at: datetime) -> None:
    """Take a return out of service, all its revisions."""
    events = _events(home)
    events.setdefault(return_id, []).append({"reason": reason, "withdrawn_at": at.isoformat()})
    with written_aside(_path(home)) as aside:
        aside.write_text(json.dumps(events, indent=1, sort_keys=True))


def apply_withdrawals(records: Sequence[FileRecord], withdrawn: dict[str, str]) -> list[FileRecord]:
    """Records in which the parts of withdrawn returns are held, with the reason."""

    def held(part: PartRecord) -> PartRecord:
        reason = withdrawn.get(part.return_id)
        if reason is None:
            return part
        return replace(part, is_held=True, hold_reason=f"withdrawn: {reason}", held_by=[WITHDRAWN], suspense=[])

    return [replace(record, parts=[held(part) for part in record.parts]) for record in records]
