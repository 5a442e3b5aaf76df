"""The home folder: where everything that a run makes is kept (design: contract, "Files under a home").

Belongs here: paths only. Must not: decide, read or write content.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Paths under one home. Synthetic and real returns never share a home."""

    root: Path

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def objects(self) -> Path:
        return self.landing / "objects"

    @property
    def receipts(self) -> Path:
        return self.landing / "receipts"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def current_release(self) -> Path:
        return self.releases / "current"

    @property
    def warehouse(self) -> Path:
        return self.root / "build" / "warehouse.duckdb"

    @property
    def secret_file(self) -> Path:
        """The secret that personal data are hashed with: made once, its owner's alone."""
        return self.root / "secret"

    @property
    def settings(self) -> Path:
        """What the last run was asked to do (returns folder), so that the UI and sensors find it again."""
        return self.root / "settings.json"


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """Write to a temporary name beside `target`, flush to disk, then rename: readers see the old file or the new one.

    Yields the temporary path. Nothing is left behind when the block raises.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
