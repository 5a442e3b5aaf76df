"""The home folder: where everything that a run makes is kept (design: contract, "Files under a home").

Belongs here: paths only. Must not: decide, read or write content.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.durable import written_aside

__all__ = ["Home", "written_aside"]

OWN_FOLDERS = ("alerts", "build", "dagster", "lake", "landing", "logs", "quarantine", "registry", "releases", "reports")


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
    def logs(self) -> Path:
        """What happened, a line of JSON per event, one file a day."""
        return self.root / "logs"

    @property
    def secret_file(self) -> Path:
        """The secret that personal data are hashed with: made once, its owner's alone."""
        return self.root / "secret"

    @property
    def settings(self) -> Path:
        """What the last run was asked to do (returns folder), so that the UI and sensors find it again."""
        return self.root / "settings.json"
