"""Stopping a process at its n-th operation on files, for real: the child that called `Killer.arm` is killed with SIGKILL.

Belongs here: counting operations under a folder and the three ways to stop. Must not: know what is being done to the folder.

`stop`   killed just before the operation: what was written before is there, whole or not, as it stood.
`torn`   the same, and what the operation was about to put in place is half there: half the file of a rename, an open's empty file.
`power`  killed, and the machine with it: of what was not flushed to disk, contents are empty and names are as they were before -
         all of them, or only the oldest, so that what was done later is there and what was done earlier is not.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MODES = ("stop", "torn", "power")
NEVER = 1 << 60
_PATH_EVENTS = frozenset(("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "os.link", "os.utime", "os.chmod"))
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Killer:
    """Armed once, in a child of its own: the hooks stay for the process's life."""

    root: Path
    at: int = NEVER
    mode: str = "stop"
    operations: list[str] = field(default_factory=list[str])
    is_off: bool = False

    def arm(self) -> None:
        self.stash = self.root.with_name(f".{self.root.name}.stash")
        shutil.rmtree(self.stash, ignore_errors=True)  # of the one that stopped the run before this, in the same home
        self.stash.mkdir()
        self.before = {path.stat().st_ino for path in self.root.rglob("*") if path.is_file() and not path.is_symlink()}
        self.flushed: set[int] = set()
        self.pending: list[tuple[str, Path, Path | None, Path | None]] = []  # event, place, where it came from, what it replaced
        self._fsync = os.fsync
        os.fsync = self._flush  # type: ignore[assignment]
        sys.addaudithook(self._see)

    def _see(self, event: str, args: tuple[Any, ...]) -> None:
        if self.is_off or not (event == "open" or event in _PATH_EVENTS):
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & _WRITES):
            return
        path = self._inside(args[1] if event in ("os.rename", "os.symlink", "os.link") else args[0])
        if path is None:
            return
        self._count(event, path, args)
        if event in ("os.rename", "os.mkdir"):
            self._remember(event, path, args)

    def _flush(self, handle: int) -> None:
        path = self._inside(Path(f"/proc/self/fd/{handle}").readlink())
        if path is not None and not self.is_off:
            self._count("os.fsync", path, ())
            if path.is_dir():
                self.pending = [entry for entry in self.pending if entry[1].parent != path]
            else:
                self.flushed.add(os.fstat(handle).st_ino)
        self._fsync(handle)

    def _inside(self, given: object) -> Path | None:
        if not isinstance(given, (str, bytes, os.PathLike)):
            return None
        path = Path(os.path.normpath(Path.cwd() / os.fsdecode(given)))  # type: ignore[arg-type]
        return path if path.is_relative_to(self.root) and path != self.root else None

    def _count(self, event: str, path: Path, args: tuple[Any, ...]) -> None:
        self.operations.append(f"{event} {path.relative_to(self.root)}")
        if len(self.operations) < self.at:
            return
        self.is_off = True
        if self.mode == "torn" and event == "os.rename":
            source = Path(os.fsdecode(args[0]))
            if source.is_file() and not source.is_symlink():
                os.truncate(source, source.stat().st_size // 2)
        elif self.mode == "torn" and event == "open" and not path.exists():
            path.touch()
        elif self.mode == "power":
            self._cut()
        os.kill(os.getpid(), signal.SIGKILL)

    def _remember(self, event: str, path: Path, args: tuple[Any, ...]) -> None:
        if event == "os.mkdir":
            if not path.exists():
                self.pending.append((event, path, None, None))
            return
        self.is_off = True
        replaced = None
        if path.is_symlink() or path.is_file():
            replaced = self.stash / str(len(self.operations))
            os.link(path, replaced, follow_symlinks=False)
        self.pending.append((event, path, Path(os.fsdecode(args[0])), replaced))
        self.is_off = False

    def _cut(self) -> None:
        """What a disk may hold after the power went."""
        for path in self.root.rglob("*"):
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode) and facts.st_ino not in self.flushed and facts.st_ino not in self.before:
                os.truncate(path, 0)
        undone = self.pending[::-1] if self.at % 2 else self.pending[:1]
        for event, path, source, replaced in undone:
            if event == "os.mkdir":
                shutil.rmtree(path, ignore_errors=True)
            elif path.is_symlink() or path.exists():
                assert source is not None
                path.rename(source) if source.parent.is_dir() else None
                if replaced is not None:
                    replaced.rename(path)
