"""Landing: the bytes go, unchanged, into a content-addressed store, each with a receipt (design: returns, rule 1).

Belongs here: storing and finding originals. Must not: interpret them beyond their type.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.home import Home, written_aside
from ingest.returns_folder import REGISTRY_FOLDER, FolderFile, list_folder
from ingest.sniff import detect_type

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """The clock that runs use; tests pass their own."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Receipt:
    """What landed, from where, when. One per file name and content; `landed_at` is the latest time that content became the
    file's content, `first_landed_at` the first."""

    file_name: str
    publisher_slug: str
    kind_hint: str | None
    sha256: str
    size_bytes: int
    detected_type: str
    source: str
    first_landed_at: str
    landed_at: str

    @property
    def key(self) -> str:
        """A short stable name for this file with this content."""
        return hashlib.sha256(f"{self.sha256}\n{self.file_name}".encode()).hexdigest()[:12]

    @property
    def landed_instant(self) -> datetime:
        return datetime.fromisoformat(self.landed_at)


@dataclass(frozen=True)
class LandingReport:
    """What one landing did: receipts of all files now known, those new this time, and files ignored at the root."""

    receipts: tuple[Receipt, ...]
    new: tuple[Receipt, ...]
    ignored: tuple[str, ...]


class Landing:
    """The landing store of a home."""

    def __init__(self, home: Home, clock: Clock = now_utc) -> None:
        self.home, self.clock = home, clock

    def object_path(self, sha256: str) -> Path:
        return self.home.objects / sha256[:2] / sha256

    def read(self, receipt: Receipt) -> bytes:
        """The original bytes.

        Raises ValueError when the stored object no longer has its hash: land the file again.
        """
        content = self.object_path(receipt.sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != receipt.sha256:
            raise ValueError(
                f"the stored original of {receipt.file_name} is damaged: delete it under landing/objects and run again"
            )
        return content

    def receipts(self) -> tuple[Receipt, ...]:
        """All receipts, by file name, then time of landing."""
        found = [Receipt(**_load(path)) for path in self.home.receipts.rglob("*.json")]
        return tuple(sorted(found, key=lambda r: (r.file_name, r.landed_at, r.sha256)))

    def land_folder(self, root: Path) -> LandingReport:
        """Land every file of a returns folder, and keep a copy of its registry. Files that vanished stay landed."""
        listing = list_folder(root)
        for folder in (self.home.landing, self.home.warehouse.parent):  # originals and working files hold whatever was sent
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        self._keep_registry(root)
        known = self.receipts()
        latest = {r.file_name: r for r in known}
        by_key = {(r.file_name, r.sha256): r for r in known}
        new: list[Receipt] = []
        for file in listing.files:
            receipt = self._land(file, latest.get(file.name), by_key)
            if receipt is not None:
                new.append(receipt)
        return LandingReport(self.receipts(), tuple(new), listing.ignored)

    def land_file(self, file: FolderFile, source: str, known: Sequence[Receipt]) -> Receipt | None:
        """Land one file that came from `source` (an address), beside those of a folder; `known` are all receipts until now.

        Returns its receipt, or None when these bytes are what the file's name stands for already.
        """
        mine = sorted((r for r in known if r.file_name == file.name), key=lambda r: r.landed_at)
        return self._land(file, mine[-1] if mine else None, {(r.file_name, r.sha256): r for r in mine}, source)

    def _land(
        self, file: FolderFile, latest: Receipt | None, known: dict[tuple[str, str], Receipt], source: str | None = None
    ) -> Receipt | None:
        content = file.path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        stored = self.object_path(sha256)
        if latest is not None and latest.sha256 == sha256 and stored.exists():
            return None
        if not stored.exists() or stored.stat().st_size != len(content):
            with written_aside(stored) as aside:
                aside.write_bytes(content)
        now = self.clock().isoformat(timespec="microseconds")
        if earlier := known.get((file.name, sha256)):
            receipt = replace(earlier, landed_at=now)
        else:
            receipt = Receipt(
                file_name=file.name,
                publisher_slug=file.publisher_slug,
                kind_hint=file.kind_hint,
                sha256=sha256,
                size_bytes=len(content),
                detected_type=detect_type(content),
                source=source or str(file.path),
                first_landed_at=now,
                landed_at=now,
            )
        with written_aside(self.home.receipts / file.publisher_slug / f"{receipt.key}.json") as aside:
            aside.write_text(json.dumps(asdict(receipt), indent=1, sort_keys=True))
        return receipt

    def _keep_registry(self, root: Path) -> None:
        kept, given = self.home.root / REGISTRY_FOLDER, root / REGISTRY_FOLDER
        if given.is_dir():  # a registry that vanished stays in force, as files that vanished stay in service
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            for path in sorted(given.glob("*.csv")):
                shutil.copyfile(path, kept / path.name)


def _load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())
