"""Landing: the bytes go, unchanged, into a content-addressed store, each with a receipt (design: returns, rule 1).

Belongs here: storing and finding originals. Must not: interpret them beyond their type.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest import archives
from ingest.durable import (
    checked_json,
    copy_by_hash,
    file_sha256,
    is_whole,
    is_whole_by_hash,
    make_folder,
    read_checked,
    seal,
    sweep,
    written_aside,
)
from ingest.home import Home
from ingest.kinds import KINDS
from ingest.limits import DEFAULTS, Limits
from ingest.registry import refuse_faulty_policy
from ingest.registry.states import check_out, keep_state
from ingest.returns_folder import REGISTRY_FOLDER, FolderFile, MisplacedFolder, list_folder, misplaced
from ingest.sniff import detect_type

_HEAD = 1 << 16  # bytes that tell a file's type
_LONG_AGO = datetime(1, 1, 1)

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
    """What one landing did: receipts of all files now known, those new this time, and files ignored at the root. `restored`: names
    whose damaged originals the folder's good copies replaced; `clock_behind`: how far the clock stands before the last landing."""

    receipts: tuple[Receipt, ...]
    new: tuple[Receipt, ...]
    ignored: tuple[str, ...]
    restored: tuple[str, ...] = ()
    clock_behind: timedelta = timedelta(0)


class OriginalDamaged(ValueError):
    """The stored original of a file is not what landed any more. The message says how the good copy is asked for again."""


@dataclass(frozen=True)
class _Origin:
    """Where bytes come from: a file of the folder, or a member of an archive."""

    file_name: str
    publisher_slug: str
    kind_hint: str | None
    source: str

    def member(self, name: str, archive_sha256: str) -> _Origin:
        """A member of this archive. A folder in the archive may name the kind, as one in the returns folder does."""
        first = name.split("/")[0] if "/" in name else ""
        hint = self.kind_hint or (first if first in KINDS else None)
        where = f"{self.source}{archives.MARK}{name}"
        source = where if " (archive " in self.source else f"{where} (archive {archive_sha256})"
        return _Origin(f"{self.file_name}{archives.MARK}{name}", self.publisher_slug, hint, source)

    def receipt(self, content: bytes, sha256: str, now: str, size_bytes: int | None = None) -> Receipt:
        """The receipt of these bytes, or of a file of `size_bytes` that begins with them."""
        return Receipt(
            file_name=self.file_name,
            publisher_slug=self.publisher_slug,
            kind_hint=self.kind_hint,
            sha256=sha256,
            size_bytes=len(content) if size_bytes is None else size_bytes,
            detected_type=detect_type(content),
            source=self.source,
            first_landed_at=now,
            landed_at=now,
        )


def unpacked(receipt: Receipt, content: bytes, limits: Limits = DEFAULTS) -> Iterator[tuple[Receipt, bytes]]:
    """The file itself, and where it is an archive the tables in it, each with the receipt it would land with. Nothing is stored."""
    yield receipt, content
    if archives.is_archive(content):
        origin = _Origin(receipt.file_name, receipt.publisher_slug, receipt.kind_hint, receipt.source)
        for member in archives.members(content, limits, archives.depth_of(receipt.file_name)):
            inner = origin.member(member.name, receipt.sha256)
            sha256 = hashlib.sha256(member.content).hexdigest()
            yield from unpacked(inner.receipt(member.content, sha256, receipt.landed_at), member.content, limits)


class Landing:
    """The landing store of a home."""

    def __init__(self, home: Home, clock: Clock = now_utc, limits: Limits = DEFAULTS) -> None:
        self.home, self.clock, self.limits = home, clock, limits
        self._floor, self._behind = _LONG_AGO, timedelta(0)  # the last landing known, and how far the clock stands before it

    def object_path(self, sha256: str) -> Path:
        return self.home.objects / sha256[:2] / sha256

    def checked_path(self, receipt: Receipt) -> Path:
        """Where the original bytes lie, after seeing that they are still those that landed.

        Raises OriginalDamaged when the stored object is gone or no longer has its hash.
        """
        path = self.object_path(receipt.sha256)
        if not is_whole_by_hash(path, receipt.sha256):
            raise OriginalDamaged(damage_words(receipt))
        return path

    def read(self, receipt: Receipt) -> bytes:
        """The original bytes.

        Raises OriginalDamaged when the stored object is gone or no longer has its hash.
        """
        return self.checked_path(receipt).read_bytes()

    def damaged(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """The receipts whose stored originals are gone or changed. Cheap where nobody touched them (`ingest.durable`)."""
        return [receipt for receipt in receipts if not is_whole(self.object_path(receipt.sha256), receipt.sha256)]

    def receipts(self) -> tuple[Receipt, ...]:
        """All receipts, by file name, then time of landing. One that is damaged is none: its file lands anew."""
        found = [_load(path) for path in self.home.receipts.rglob("*.json")]
        return tuple(sorted((r for r in found if r is not None), key=lambda r: (r.file_name, r.landed_at, r.sha256)))

    def land_folder(self, root: Path) -> LandingReport:
        """Land every file of a returns folder, and keep a copy of its registry. Files that vanished stay landed; originals that
        were damaged are restored from the folder where it still has the very bytes.

        Raises FileNotFoundError or NotADirectoryError where there is no folder, MisplacedFolder where it and the home lie in each
        other.
        """
        if words := misplaced(root, self.home):
            raise MisplacedFolder(words)
        listing = list_folder(root)
        for folder in (self.home.landing, self.home.warehouse.parent):  # originals and working files hold whatever was sent
            make_folder(folder)
            folder.chmod(0o700)
        sweep(self.home.root, skip=(self.home.dagster.name, self.home.releases.name))
        self._keep_registry(root)
        known = self.receipts()
        self._keep_order(known)
        damaged = {r.sha256 for r in self.damaged(known)}
        latest = {r.file_name: r for r in known}
        by_key = {(r.file_name, r.sha256): r for r in known}
        new: list[Receipt] = []
        for file in listing.files:
            origin = _Origin(file.name, file.publisher_slug, file.kind_hint, str(file.path))
            if file.path.stat().st_size >= self.limits.bulk_bytes and not _may_be_archive(file.path):
                new += self._land_large(file.path, origin, latest, by_key)
            else:
                new += self._land(file.path.read_bytes(), origin, latest, by_key)
        receipts = self.receipts()
        restored = tuple(
            sorted({r.file_name for r in known if r.sha256 in damaged} - {r.file_name for r in self.damaged(receipts)})
        )
        return LandingReport(receipts, tuple(new), listing.ignored, restored, self._behind)

    def land_file(self, file: FolderFile, source: str, known: Sequence[Receipt]) -> list[Receipt]:
        """Land one file that came from `source` (an address), beside those of a folder; `known` are all receipts until now.

        Returns the receipts made: none when these bytes are what the file's name stands for already, several for an archive.
        """
        self._keep_order(known)
        mine = sorted((r for r in known if r.file_name.startswith(file.name)), key=lambda r: r.landed_at)
        latest, by_key = {r.file_name: r for r in mine}, {(r.file_name, r.sha256): r for r in mine}
        return self._land(file.path.read_bytes(), _Origin(file.name, file.publisher_slug, file.kind_hint, source), latest, by_key)

    def _land(
        self, content: bytes, origin: _Origin, latest: dict[str, Receipt], known: dict[tuple[str, str], Receipt],
        allowance: archives.Allowance | None = None,
    ) -> list[Receipt]:  # fmt: skip
        """Store the bytes and write their receipt, those of an archive's members before its own: an archive that has a receipt was
        landed whole. Nothing is done for a file whose latest content this is."""
        sha256 = hashlib.sha256(content).hexdigest()
        newest = latest.get(origin.file_name)
        if newest is not None and newest.sha256 == sha256:
            self._restore(newest, content, known)
            return []
        made: list[Receipt] = []
        if archives.is_archive(content):
            allowance = allowance or archives.Allowance(self.limits)
            depth = archives.depth_of(origin.file_name)
            for member in archives.members(content, self.limits, depth, allowance=allowance):
                made += self._land(member.content, origin.member(member.name, sha256), latest, known, allowance)
        self._store(content, sha256)
        now = self._now(newest)
        if earlier := known.get((origin.file_name, sha256)):
            receipt = replace(earlier, landed_at=now)
        else:
            receipt = origin.receipt(content, sha256, now)
        self._write(receipt)
        return [*made, receipt]

    def _land_large(
        self, path: Path, origin: _Origin, latest: dict[str, Receipt], known: dict[tuple[str, str], Receipt]
    ) -> list[Receipt]:
        """`_land` for a large file that is no archive: copied and hashed in pieces; hashed first where it may have landed."""
        newest = latest.get(origin.file_name)
        size = path.stat().st_size
        sha256 = file_sha256(path) if newest is not None and newest.size_bytes == size else None
        if sha256 is None or not is_whole(self.object_path(sha256), sha256):
            sha256 = copy_by_hash(path, self.home.objects, self.object_path)
        stored = self.object_path(sha256)
        with stored.open("rb") as handle:
            head = handle.read(_HEAD)
        if newest is not None and newest.sha256 == sha256:
            return []
        now = self._now(newest)
        earlier = known.get((origin.file_name, sha256))
        receipt = replace(earlier, landed_at=now) if earlier else origin.receipt(head, sha256, now, stored.stat().st_size)
        self._write(receipt)
        return [receipt]

    def _store(self, content: bytes, sha256: str) -> None:
        stored = self.object_path(sha256)
        if not is_whole(stored, sha256):
            with written_aside(stored) as aside:
                aside.write_bytes(content)
                seal(aside, sha256)

    def _restore(self, receipt: Receipt, content: bytes, known: dict[tuple[str, str], Receipt]) -> None:
        """Put back what is damaged of a file that landed before, and of what an archive holds."""
        begin = receipt.file_name + archives.MARK
        mine = [r for (name, _), r in known.items() if r.sha256 == receipt.sha256 or name.startswith(begin)]
        if self.damaged(mine):
            for inner, inner_content in unpacked(receipt, content, self.limits):
                self._store(inner_content, inner.sha256)

    def _keep_order(self, known: Sequence[Receipt]) -> None:
        """What lands from now on lands after what is known."""
        self._floor, self._behind = max((r.landed_instant for r in known), default=_LONG_AGO), timedelta(0)

    def _now(self, newest: Receipt | None) -> str:
        """The instant of a landing: after the content that it replaces, never before what landed already."""
        clock = self.clock()
        now = max(clock, self._floor)
        self._behind = max(self._behind, self._floor - clock)
        if newest is not None:
            now = max(now, newest.landed_instant + timedelta(microseconds=1))
        self._floor = now
        return now.isoformat(timespec="microseconds")

    def _write(self, receipt: Receipt) -> None:
        with written_aside(self.home.receipts / receipt.publisher_slug / f"{receipt.key}.json") as aside:
            aside.write_text(checked_json(asdict(receipt)))

    def _keep_registry(self, root: Path) -> None:
        given = root / REGISTRY_FOLDER
        if given.is_dir():  # a registry that vanished stays in force, as files that vanished stay in service
            refuse_faulty_policy(given)
            keep_state(self.home, given, self.clock())
        check_out(self.home, self.home.root / REGISTRY_FOLDER)


def damage_words(receipt: Receipt) -> str:
    """What is wrong with a stored original, and what to do."""
    return (
        f"the stored original of {receipt.file_name} (sha256 {receipt.sha256[:12]}) is damaged: put the very file into the returns"
        " folder again and run; it is known by its hash"
    )


def _may_be_archive(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(2) == b"PK"


def _load(path: Path) -> Receipt | None:
    try:
        receipt = Receipt(**read_checked(path))
        return receipt if receipt.landed_instant else None
    except (ValueError, TypeError):
        return None
