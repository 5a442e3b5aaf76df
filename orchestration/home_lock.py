"""One run at a time in a home: a lock that the kernel holds for the process that took it.

Belongs here: taking it, waiting for it, saying who has it. It is a `flock` on `<home>/run.lock`: the kernel lets go of it when its
process ends, however it ends, so there is no stale lock to heal. What the file says (process, command, since when) is for people;
it decides nothing. Within one process the lock may be taken again by whoever has it.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.home import Home

LOCK_NAME = "run.lock"
WAIT_VARIABLE = "TOTALPLACE_WAIT_SECONDS"
WAIT_SECONDS = 3_600.0
_POLL_SECONDS = 0.2
_GUARD = threading.Lock()
_TAKEN: dict[tuple[int, str], list[int]] = {}  # (process, lock file) -> [descriptor, how many times taken]


@dataclass(frozen=True)
class Holder:
    """Who has the home, as it wrote itself down."""

    pid: int | None
    what: str
    since: str

    def __str__(self) -> str:
        who = f"process {self.pid}" if self.pid else "another process"
        return who + (f" ({self.what})" if self.what else "") + (f" since {self.since}" if self.since else "")


class HomeIsBusy(RuntimeError):
    """Another run has the home. The message says who, since when, and what to do."""


def wait_seconds() -> float:
    """How long a run waits for the one before it: TOTALPLACE_WAIT_SECONDS, else an hour.

    Raises ValueError, with words for a person, for a value that is not a number of seconds.
    """
    given = os.environ.get(WAIT_VARIABLE, "")
    try:
        seconds = float(given) if given else WAIT_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ValueError(f"{WAIT_VARIABLE}={given}: give seconds, 0 or more (0: do not wait)")
    return seconds


@contextmanager
def home_lock(home: Home, what: str, wait: float, waiting: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Have the home alone. `waiting` is told once when it has to wait.

    Raises HomeIsBusy when it is not to be had within `wait` seconds.
    """
    path = home.root.resolve() / LOCK_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    key = (os.getpid(), str(path))
    with _GUARD:
        taken = _TAKEN.get(key)
        if taken is not None:
            taken[1] += 1
    if taken is None:
        descriptor = _take(path, wait, waiting)
        _write(descriptor, what)
        with _GUARD:
            _TAKEN[key] = [descriptor, 1]
    try:
        yield
    finally:
        with _GUARD:
            taken = _TAKEN[key]
            taken[1] -= 1
            if not taken[1]:
                del _TAKEN[key]
                os.ftruncate(taken[0], 0)
                os.close(taken[0])  # and so lets go


def have_until_exit(home: Home, what: str, wait: float, waiting: Callable[[str], None] = lambda _: None) -> None:
    """Have the home alone until this process ends, as a run does that a daemon started; nothing where the process has it already.

    Raises HomeIsBusy as `home_lock` does.
    """
    with _GUARD:
        if (os.getpid(), str(home.root.resolve() / LOCK_NAME)) in _TAKEN:
            return
    home_lock(home, what, wait, waiting).__enter__()


def holder(home: Home) -> Holder | None:
    """Who has the home now, or None."""
    path = home.root / LOCK_NAME
    if not path.exists():
        return None
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(path)
    finally:
        os.close(descriptor)
    return None


def _take(path: Path, wait: float, waiting: Callable[[str], None]) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline, is_told = time.monotonic() + wait, False
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                who = _holder(path)
            if time.monotonic() >= deadline:
                waited = f"still after {wait:g} seconds" if wait else "now"
                raise HomeIsBusy(
                    f"{path.parent} is in use {waited} by {who}: one run at a time writes a home; run again when it has ended"
                )
            if not is_told:
                waiting(f"waiting: {path.parent} is in use by {who}")
                is_told = True
            time.sleep(_POLL_SECONDS)
    except BaseException:
        os.close(descriptor)
        raise


def _write(descriptor: int, what: str) -> None:
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "what": what, "since": since}).encode(), 0)


def _holder(path: Path) -> Holder:
    try:
        said = json.loads(path.read_text())
        return Holder(int(said["pid"]), str(said["what"]), str(said["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(None, "", "")  # it is just writing itself down, or has just let go
