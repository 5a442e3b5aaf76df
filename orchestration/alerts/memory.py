"""What each channel has said, kept under `<home>/alerts/`, so that it is said once.

Belongs here: reading and writing `said.json`, the record `alerts.jsonl`, and the lock that keeps two runs from saying one thing
twice. A process that is killed between sending and writing says it once more: an alert may come twice, never not at all.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.home import Home, written_aside

_WAIT_SECONDS, _PAUSE_SECONDS = 10.0, 0.2


class Busy(RuntimeError):
    """Another process is saying the alerts of this home, and took too long over it."""


def folder(home: Home) -> Path:
    return home.root / "alerts"


def record_file(home: Home) -> Path:
    return folder(home) / "alerts.jsonl"


def read_said(home: Home) -> dict[str, dict[str, str]]:
    """channel -> key -> fingerprint. A file that cannot be read is as good as none: better twice than never."""
    try:
        found: Any = json.loads((folder(home) / "said.json").read_text())
        return {str(channel): {str(k): str(v) for k, v in said.items()} for channel, said in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def write_said(home: Home, said: Mapping[str, Mapping[str, str]]) -> None:
    with written_aside(folder(home) / "said.json") as aside:
        aside.write_text(json.dumps(said, indent=1, sort_keys=True))


def append_record(home: Home, *records: Mapping[str, Any]) -> None:
    """Lines of `alerts.jsonl`. A line that a crash cut short is ended first."""
    path = record_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as handle:
        size = handle.seek(0, os.SEEK_END)
        if size:
            handle.seek(size - 1)
        is_torn = bool(size) and handle.read(1) != b"\n"
        lines = "".join(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n" for record in records)
        handle.write((b"\n" if is_torn else b"") + lines.encode())
        handle.flush()
        os.fsync(handle.fileno())


@contextmanager
def alone(home: Home, wait_seconds: float = _WAIT_SECONDS) -> Iterator[None]:
    """One process at a time. Raises Busy when another one holds on for longer than we wait."""
    folder(home).mkdir(parents=True, exist_ok=True)
    with (folder(home) / ".lock").open("w") as handle:
        until = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy("another process is sending the alerts of this home") from None
                time.sleep(_PAUSE_SECONDS)
        yield
