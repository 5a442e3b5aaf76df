"""The release: Parquet marts, one DuckDB file, a manifest; built aside, swapped whole (design: contract).

Belongs here: publishing what dbt built. Nothing reads a half release: the folder is complete before `releases/current` points at
it, and the pointer moves in one step. What is in it: `release_tables`; going back: `release_history`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.home import Home
from orchestration.limit_settings import limits_from_environment
from orchestration.made_with import code_version, made_with, settings_of
from orchestration.release_history import Release, point_current
from orchestration.release_tables import copy_tables, data_package
from orchestration.resources import TotalPlace
from orchestration.warehouse import PRICE_BASE_YEAR, release_inputs


class ReleaseError(RuntimeError):
    """A release could not be published. The message says why; the release before it stays current."""


@dataclass(frozen=True)
class Origin:
    """What a release is made of: input revisions, what it was made with, and one hash of the latter."""

    inputs: Sequence[Mapping[str, Any]]
    code_version: str
    made_with: Mapping[str, Any]
    as_known_on: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """What decides a release's content: input revisions, code, and the instant it is known on."""
        known = self.as_known_on.isoformat() if self.as_known_on else None
        return hashlib.sha256(json.dumps([list(self.inputs), self.code_version, known], sort_keys=True).encode()).hexdigest()[:16]


def origin_of(totalplace: TotalPlace) -> Origin:
    """What a release would be made of now, or of what was known on the instant that is asked for."""
    registry = totalplace.counting_registry()
    made = made_with(registry, settings_of(limits_from_environment(), PRICE_BASE_YEAR))
    inputs = release_inputs(totalplace.home, totalplace.instant)
    return Origin(inputs, code_version(made, registry), made, totalplace.instant)


def publish(home: Home, origin: Origin, now: datetime) -> Release:
    """Copy the published tables out of the working database into a new release and make it current (a release as known on
    an instant is published beside, `current` does not move).

    Raises ReleaseError when the working database has no tables to publish.
    """
    known = origin.as_known_on.isoformat() if origin.as_known_on else None
    release_id = f"{now:%Y%m%dT%H%M%S}-{origin.fingerprint[:8]}" + ("-as-known" if known else "")
    home.releases.mkdir(parents=True, exist_ok=True)
    aside = home.releases / f".{release_id}.part"
    if aside.exists():
        shutil.rmtree(aside)
    (aside / "marts").mkdir(parents=True)
    try:
        tables = copy_tables(home.warehouse, aside)
        if not tables:
            raise ReleaseError("the working database holds no marts: nothing was published, the release before stays current")
        manifest: dict[str, Any] = {
            "release_id": release_id,
            "created_at": now.isoformat(),
            "as_known_on": known,
            "code_version": origin.code_version,
            "input_fingerprint": origin.fingerprint,
            "inputs": list(origin.inputs),
            "made_with": dict(origin.made_with),
            "tables": tables,
        }
        _write_json(aside / "manifest.json", manifest)
        _write_json(aside / "datapackage.json", data_package(release_id, aside, now.isoformat(), known))
        _flush(aside)
        final = home.releases / release_id
        if final.exists():
            shutil.rmtree(final)
        aside.replace(final)
    finally:
        if aside.exists():
            shutil.rmtree(aside)
    if not known:
        point_current(home, release_id)
    return Release(release_id, final, manifest)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True))


def _flush(folder: Path) -> None:
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
