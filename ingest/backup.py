"""A home in one archive, and back: what was landed, decided, held and published, each file with its hash.

Belongs here: which files of a home are worth keeping, packing them, proving the archive when it is unpacked. Must not: decide when
(a run under way must not write meanwhile; the caller sees to it). Left out is what a run makes again from the rest (`build/`) and
Dagster's own records of its runs (`dagster/`; on PostgreSQL they are pg_dump's).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.durable import written_aside
from ingest.home import Home

CONTENTS = "totalplace-backup.json"  # the archive's last member: path -> size and sha256 of every file
_MADE_AGAIN = ("build", "dagster", "logs", "run.lock")
ENDINGS = (".tar", ".tar.gz", ".tgz")
_CHUNK = 1 << 20


class BackupError(RuntimeError):
    """An archive that cannot be made, or cannot be trusted. The message is one line: what, where, what to do."""


@dataclass(frozen=True)
class BackedUp:
    """What an archive holds: files (links apart) and their bytes unpacked."""

    file_count: int
    byte_count: int


def refusal(archive: Path, *, may_replace: bool) -> str:
    """Why nothing should be packed under this name: "" when it may, else one line for a person. A name says how it is packed, and
    the last good back-up is not to be lost to a slip."""
    if not archive.name.endswith(ENDINGS):
        return f"{archive}: a back-up is a {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]} file; give a name that ends so"
    if archive.exists() and not may_replace:
        return f"{archive} is there already: give another name, or --replace to put the new back-up in its place once it is whole"
    return ""


def back_up(home: Home, archive: Path) -> BackedUp:
    """Pack the home into `archive` (.tar, or .tar.gz which takes longer): the old one or the whole new one is there, never half.

    Raises BackupError when there is no home, the archive would lie inside it, or a file cannot be read.
    """
    root = home.root.resolve()
    if not home.receipts.is_dir():
        raise BackupError(f"there is no home in {home.root}: nothing was ever landed there")
    if archive.resolve().is_relative_to(root):
        raise BackupError(f"{archive} lies inside the home that it would hold: give a path outside {home.root}")
    contents: dict[str, dict[str, int | str]] = {}
    try:
        with written_aside(archive) as aside, tarfile.open(aside, "w:gz" if archive.suffix in (".gz", ".tgz") else "w") as packed:
            for path in _kept(root):
                name = path.relative_to(root).as_posix()
                if path.is_symlink() or not path.is_file():
                    packed.add(path, name, recursive=False)
                    continue
                with path.open("rb") as source:
                    member = packed.gettarinfo(arcname=name, fileobj=source)
                    hashed = _Hashed(source)
                    packed.addfile(member, hashed)
                contents[name] = {"bytes": member.size, "sha256": hashed.digest.hexdigest()}
            told = json.dumps({"format": 1, "files": contents}, indent=1).encode()
            member = tarfile.TarInfo(CONTENTS)
            member.size = len(told)
            packed.addfile(member, io.BytesIO(told))
    except OSError as error:
        raise BackupError(f"the home could not be packed: {error.strerror or error}: {error.filename or archive}") from error
    return BackedUp(len(contents), sum(int(fact["bytes"]) for fact in contents.values()))


def restore(archive: Path, home: Home) -> BackedUp:
    """Unpack an archive into a home that is not there yet, prove every file by its hash, then put it in place by one rename.

    Raises BackupError for an archive that is torn, not one of ours or changed, and for a home that is not empty; the home then
    stays as it was.
    """
    if home.root.exists() and any(home.root.iterdir()):
        raise BackupError(f"{home.root} is not empty: restore into a new folder, look at it, then use it with --home")
    aside = home.root.with_name(f".{home.root.name}.restoring")
    if aside.exists():
        shutil.rmtree(aside)  # what an interrupted restore left
    aside.mkdir(parents=True)
    try:
        with tarfile.open(archive) as packed:
            packed.extractall(aside, filter=_safe)
        restored = _proved(archive, aside)
        if home.root.exists():
            home.root.rmdir()
        aside.replace(home.root)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"{archive} cannot be unpacked: {error}; take another back-up") from error
    finally:
        if aside.exists():
            shutil.rmtree(aside)
    return restored


def _proved(archive: Path, folder: Path) -> BackedUp:
    told = folder / CONTENTS
    if not told.exists():
        raise BackupError(f"{archive} is no whole back-up: its list of contents ({CONTENTS}) is missing; take another")
    files: dict[str, dict[str, int | str]] = json.loads(told.read_text())["files"]
    for name, fact in files.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != fact["sha256"]:
            raise BackupError(f"{archive}: {name} is not what was packed (its hash differs); take another back-up")
    told.unlink()
    return BackedUp(len(files), sum(int(fact["bytes"]) for fact in files.values()))


def _kept(root: Path) -> Iterator[Path]:
    """Folders before what is in them, in order of name; the leavings of interrupted writes are not kept."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        if here == root:
            folders[:] = [name for name in folders if name not in _MADE_AGAIN]
        folders.sort()
        for name in list(folders):
            yield here / name
        folders[:] = [name for name in folders if not (here / name).is_symlink()]
        for name in sorted(names):
            if not (here == root and name in _MADE_AGAIN) and not (name.startswith(".") and name.endswith(".part")):
                yield here / name


def _safe(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    """Nothing outside the folder, no devices; owners are those of whoever restores, modes those that were packed."""
    if PurePosixPath(member.name).is_absolute():
        raise tarfile.AbsolutePathError(member)
    mode = member.mode
    checked = tarfile.data_filter(member, folder)
    return checked.replace(mode=mode & 0o755) if member.isfile() else checked


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Hashed(io.RawIOBase):
    """A file whose bytes are hashed while they are read: what was packed is what was hashed."""

    def __init__(self, source: io.BufferedReader) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk
