"""Withdrawn returns: taken out of service by a person, with a reason; nothing is deleted (design: contract, `returns withdraw`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.home import Home, written_aside
from ingest.records import FileRecord, PartRecord


def _path(home: Home) -> Path:
    return home.root / "withdrawn.json"


def withdrawals(home: Home) -> dict[str, str]:
    """return_id -> reason."""
    path = _path(home)
    return json.loads(path.read_text()) if path.exists() else {}


def withdraw(home: Home, return_id: str, reason: str) -> None:
    """Take a return out of service, all its revisions."""
    with written_aside(_path(home)) as aside:
        aside.write_text(json.dumps(withdrawals(home) | {return_id: reason}, indent=1, sort_keys=True))


def apply_withdrawals(records: Sequence[FileRecord], withdrawn: dict[str, str]) -> list[FileRecord]:
    """Records in which the parts of withdrawn returns are held, with the reason."""

    def held(part: PartRecord) -> PartRecord:
        reason = withdrawn.get(part.return_id)
        return part if reason is None else replace(part, is_held=True, hold_reason=f"withdrawn: {reason}", suspense=[])

    return [replace(record, parts=[held(part) for part in record.parts]) for record in records]
