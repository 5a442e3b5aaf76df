"""Waivers: a person lets a rule's hold go for one file's very content, with a reason and a name (design: returns, rule 5).

Belongs here: the record of a waiver and of its revocation, each a file of its own that is never changed; which waivers are in force
on an instant; which lines a waiver is about. Must not: say which rules may be waived (that is the catalogue's).

A waiver names a revision (so the bytes): a later file under the same name is judged anew. A past state is rebuilt from what
was in force then: what a file became is kept once per set of waivers (`variant_name`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.durable import checked_json, read_checked, written_aside
from ingest.home import Home


@dataclass(frozen=True)
class Waiver:
    """`rule_id` of one revision is waived: for the whole return, or for one line (`row_number`, with `sheet_name` where the file
    has sheets). `file_key` is the key of the landed file with this content. Instants are UTC without a zone."""

    waiver_id: str
    revision_id: str
    return_id: str
    file_key: str
    file_name: str
    rule_id: str
    sheet_name: str | None
    row_number: int | None
    reason: str
    by: str
    at: datetime
    revoked_at: datetime | None = None
    revoke_reason: str | None = None
    revoked_by: str | None = None

    def is_in_force(self, on: datetime | None) -> bool:
        """In force on an instant (None: now)."""
        if on is None:
            return self.revoked_at is None
        return self.at <= on and (self.revoked_at is None or self.revoked_at > on)

    def covers(self, sheet_name: str | None, row_number: int) -> bool:
        """Whether a line of the revision is meant."""
        if self.row_number is None:
            return True
        return (self.sheet_name or None, self.row_number) == (sheet_name or None, row_number)


def waiver_id(revision_id: str, rule_id: str, row: str, at: datetime) -> str:
    """Short, and the same for the same act."""
    return hashlib.sha256(f"{revision_id}\n{rule_id}\n{row}\n{at.isoformat()}".encode()).hexdigest()[:10]


def variant_name(waiver_ids: Iterable[str]) -> str:
    """A suffix for what a file became under these waivers; "" without any."""
    ids = sorted(waiver_ids)
    return f"-w{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:10]}" if ids else ""


def _folder(home: Home) -> Path:
    return home.quarantine / "waivers"


def write_waiver(home: Home, waiver: Waiver) -> None:
    data = {name: value for name, value in asdict(waiver).items() if not name.startswith("revoke")}
    _write(_folder(home) / f"{waiver.waiver_id}.json", data)


def revoke_waiver(home: Home, given: Waiver, reason: str, by: str, at: datetime) -> None:
    """Another record beside the waiver; the waiver itself stays as it was written."""
    _write(_folder(home) / f"{given.waiver_id}.revoked.json", {"revoked_at": at, "revoke_reason": reason, "revoked_by": by})


def _write(path: Path, data: dict[str, Any]) -> None:
    with written_aside(path) as aside:
        aside.write_text(checked_json(json.loads(json.dumps(data, default=str))))


def all_waivers(home: Home) -> list[Waiver]:
    """Every waiver ever given, oldest first, with its revocation where there is one. Raises FileDamaged."""
    found: list[Waiver] = []
    for path in sorted(_folder(home).glob("*.json")):
        if path.name.endswith(".revoked.json"):
            continue
        data = read_checked(path)
        data["at"] = datetime.fromisoformat(data["at"])
        waiver = Waiver(**data)
        revoked = path.with_suffix(".revoked.json")
        if revoked.exists():
            end = read_checked(revoked)
            end["revoked_at"] = datetime.fromisoformat(end["revoked_at"])
            waiver = replace(waiver, **end)
        found.append(waiver)
    return sorted(found, key=lambda w: (w.at, w.waiver_id))


@dataclass(frozen=True)
class WaiversInForce:
    """The waivers in force on an instant, by the key of the landed file."""

    by_file: dict[str, tuple[Waiver, ...]]

    def of(self, file_key: str) -> tuple[Waiver, ...]:
        return self.by_file.get(file_key, ())

    def ids_of(self, file_key: str) -> list[str]:
        return sorted(waiver.waiver_id for waiver in self.of(file_key))


NO_WAIVERS = WaiversInForce({})


def waivers_in_force(home: Home, on: datetime | None = None) -> WaiversInForce:
    """What applies on an instant (None: now)."""
    by_file: dict[str, tuple[Waiver, ...]] = {}
    for waiver in all_waivers(home):
        if waiver.is_in_force(on):
            by_file[waiver.file_key] = (*by_file.get(waiver.file_key, ()), waiver)
    return WaiversInForce(by_file)


def waiver_of_return(waivers: Sequence[Waiver], revision_id: str, rule_id: str) -> Waiver | None:
    """The waiver by which a rule does not hold the return, or None."""
    return next((w for w in waivers if (w.revision_id, w.rule_id, w.row_number) == (revision_id, rule_id, None)), None)


def waiver_of_line(
    waivers: Sequence[Waiver], revision_id: str, rule_id: str, sheet_name: str | None, row_number: int
) -> Waiver | None:
    """The waiver by which a rule does not hold this line, or None; one given for the line goes before one for all."""
    mine = [w for w in waivers if (w.revision_id, w.rule_id) == (revision_id, rule_id) and w.covers(sheet_name, row_number)]
    return min(mine, key=lambda w: (w.row_number is None, w.at, w.waiver_id), default=None)
