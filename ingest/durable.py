"""Files that survive a stop at any instant: written aside, flushed, renamed; what a killed process left half done is swept.

Belongs here: the one way in which a home's files come about, and the marks by which they are known to be whole. Must not: know
what is in them.

Every file that counts has its sha256 kept elsewhere (in its name, in the record or the manifest that names it). Reading it all at
every run would cost as much as making it, so a file found whole is *sealed*: the nanoseconds of its time of change are drawn from
its hash. Whoever writes to it, or a copy without its times, breaks the seal, and only then is it read and hashed again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

PART = ".part"  # the end of every temporary name; it begins with a dot
Flush = Literal["all", "file", "none"]
_CHECKSUM = "checksum"
_PIECE = 1 << 18  # bytes copied at a time
_SEEN_WHOLE: dict[Path, tuple[int, ...]] = {}  # what this process wrote by its hash -> how it then stood
_SECOND, _STEP = 1_000_000_000, 100  # nanoseconds; the coarsest step of the file systems that keep them


@contextmanager
def written_aside(target: Path, *, flush: Flush = "all") -> Iterator[Path]:
    """Write to a temporary name beside `target`, flush to disk, then rename: readers see the old file or the new one.

    Yields the temporary path. Nothing is left behind when the block raises; what a kill leaves behind, `sweep` takes away.
    `flush`: `all` is on disk with its name when this returns; `file` only its content, for one of several files whose folders are
    flushed (`flush_folders`) before the last, which names them, is written; `none` for a cache that is checked when read.
    """
    with _temporary(target.parent, target.name) as (_, aside):
        yield aside
        if flush != "none":
            flush_file(aside)
        aside.replace(target)
    if flush == "all":
        flush_folders([target.parent])


@contextmanager
def _temporary(folder: Path, name: str) -> Iterator[tuple[int, Path]]:
    """A temporary file in a folder: handle and path. It is gone afterwards, unless it was renamed."""
    make_folder(folder)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name[:100]}.", suffix=PART)
    aside = Path(temporary)
    try:
        with suppress(OSError):  # a file system without locks: there `sweep` finds none either, and leaves all alone
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ours while we live: `sweep` leaves it alone
        yield handle, aside
    finally:
        os.close(handle)
        aside.unlink(missing_ok=True)


def copy_by_hash(source: Path, folder: Path, place: Callable[[str], Path]) -> str:
    """Copy a file to the place that its sha256 names, below `folder`; the hash, which is of the bytes written. One pass over them.
    On disk with its name when this returns, and no longer in memory; what lies there whole already stays as it is."""
    digest = hashlib.sha256()
    with _temporary(folder, source.name) as (handle, aside), source.open("rb", buffering=0) as original:
        buffer = memoryview(bytearray(_PIECE))
        _make_room(handle, os.fstat(original.fileno()).st_size)
        written = 0
        while count := original.readinto(buffer):
            piece = buffer[:count]
            digest.update(piece)
            written += count
            while len(piece):
                piece = piece[os.write(handle, piece) :]
        os.ftruncate(handle, written)  # where the original grew shorter meanwhile
        sha256 = digest.hexdigest()
        target = place(sha256)
        if not is_whole(target, sha256):
            seal(aside, sha256)
            os.fsync(handle)
            _let_go(handle)
            make_folder(target.parent)
            aside.replace(target)
            flush_folders([target.parent])
            _SEEN_WHOLE[target] = _signature(target)
    return sha256


def _make_room(handle: int, size: int) -> None:
    """Blocks for a whole file at once cost less than as it grows; where the system cannot, or there is none, writing says so."""
    if hasattr(os, "posix_fallocate"):
        with suppress(OSError):
            os.posix_fallocate(handle, 0, size)


def let_go(path: Path) -> None:
    """Tell the system that a file's content is not wanted again soon. Gigabytes that were copied or read once would otherwise take
    the place of what is wanted, and new memory for each file costs more than the memory of the file before."""
    with path.open("rb") as handle:
        _let_go(handle.fileno())


def _let_go(handle: int) -> None:
    if hasattr(os, "posix_fadvise"):  # elsewhere the system finds out by itself
        with suppress(OSError):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def is_whole_by_hash(path: Path, sha256: str) -> bool:
    """Whether a file is there with the content that has this hash, whatever its seal says: hashed, unless this very process wrote
    it by its hash and nobody has touched it since.

    Raises OSError where it is there and cannot be read.
    """
    if not path.is_file():
        return False
    return _SEEN_WHOLE.get(path) == _signature(path) or file_sha256(path) == sha256


def _signature(path: Path) -> tuple[int, ...]:
    stat = path.stat()
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each name on disk."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        flush_folders({parent.parent for parent in missing})


def flush_file(path: Path) -> None:
    """Return when the content of a file is on disk."""
    with path.open("rb") as written:
        os.fsync(written.fileno())


def flush_folders(folders: Iterable[Path]) -> None:
    """Return when the names in these folders are on disk."""
    for folder in sorted(set(folders)):
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # a file system that cannot flush a folder (some network shares)
                os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path, skip: Collection[str] = ()) -> int:
    """Take away the temporary files under a folder that no living process is writing, but for folders `skip`; how many."""
    swept = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in skip]
        for name in names:
            path = Path(place, name)
            if not (name.startswith(".") and name.endswith(PART)) or path.is_symlink():
                continue
            with suppress(OSError), path.open("rb") as handle:  # in use, or swept by another
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
                swept += 1
    return swept


def file_sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def seal(path: Path, sha256: str) -> None:
    """Mark a file as found whole. Where its times cannot be set it stays unsealed, and is hashed whenever it is asked after."""
    stat = path.stat()
    with suppress(PermissionError):
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns // _SECOND * _SECOND + _mark(sha256)))


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file is there with the content that has this hash. Read only where its seal is broken.

    Raises OSError where it is there and cannot be read.
    """
    try:
        if path.stat().st_mtime_ns % _SECOND == _mark(sha256):
            return True
        if file_sha256(path) != sha256:
            return False
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    with suppress(OSError):
        seal(path, sha256)
    return True


def _mark(sha256: str) -> int:
    return int(sha256[:12], 16) % (_SECOND // _STEP) * _STEP


def with_checksum(content: bytes) -> bytes:
    """Bytes that `without_checksum` knows again."""
    return hashlib.sha256(content).digest() + content


def without_checksum(stored: bytes) -> bytes | None:
    """The bytes given to `with_checksum`, or None when these are not them any more."""
    content = stored[32:]
    return content if hashlib.sha256(content).digest() == stored[:32] else None


class FileDamaged(ValueError):
    """A small file of a home is not what was written. The message names it and says what to do."""


def checked_json(content: dict[str, Any]) -> str:
    """JSON that `read_checked` knows to be whole: with the hash of the rest under `checksum`."""
    return json.dumps(content | {_CHECKSUM: _json_sha256(content)}, indent=1, sort_keys=True)


def read_checked(path: Path) -> dict[str, Any]:
    """What was given to `checked_json`; files of before it was written have no checksum and are taken as they are.

    Raises FileDamaged, and OSError where it cannot be read.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        expected = content.pop(_CHECKSUM, None)
    except (ValueError, AttributeError, TypeError) as error:
        raise FileDamaged(_damaged(path)) from error
    if expected is not None and expected != _json_sha256(content):
        raise FileDamaged(_damaged(path))
    return content


def _json_sha256(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path) -> str:
    return f"{path} is damaged: put it back from a copy of the home"
