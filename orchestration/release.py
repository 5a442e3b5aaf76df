"""The release: Parquet marts, one DuckDB file, a manifest; built aside, swapped whole (design: contract).

Belongs here: publishing what dbt built. Nothing reads a half release: the folder is complete before `releases/current` points at
it, and the pointer moves in one step. What is in it: `release_tables`; going back: `release_history`.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from ingest.durable import PART, checked_json, file_sha256, flush_file, flush_folders, make_folder, seal
from ingest.home import Home
from orchestration.early_copy import copied_tables
from orchestration.origin import Origin
from orchestration.release_history import Release, current_release, list_releases, point_current, undone_releases
from orchestration.release_tables import data_package

_STAMP = "%Y%m%dT%H%M%S"
_STAMPED = re.compile(r"\d{8}T\d{6}-")


class ReleaseError(RuntimeError):
    """A release could not be published. The message says why; the release before it stays current."""


def publish(home: Home, origin: Origin, now: datetime) -> Release:
    """Copy the published tables out of the working database into a new release and make it current (a release as known on
    an instant is published beside, `current` does not move). A release of the same origin that a stop left complete, but not
    current, becomes current instead.

    Raises ReleaseError when the working database has no tables to publish, or another run is publishing.
    """
    if (ready := finish_publishing(home, origin)) is not None:
        return ready
    with _alone(home):
        release = _build(home, origin, _after(home, now))
        if not release.is_beside:
            point_current(home, release.release_id)
    return release


def finish_publishing(home: Home, origin: Origin) -> Release | None:
    """Make a release of this origin current that a stop left complete, but not current. None where there is none.

    Raises ReleaseError when another run is publishing.
    """
    make_folder(home.releases)
    with _alone(home):
        if (ready := _ready(home, origin)) is not None:
            point_current(home, ready.release_id)
        return ready


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One publishes at a time; what others left half done is taken away meanwhile."""
    with (home.releases / ".publishing").open("wb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError("another run is publishing a release of this home: run again when it has ended") from error
        for path in home.releases.glob(f".*{PART}"):
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
        yield


def _ready(home: Home, origin: Origin) -> Release | None:
    """A whole release of this origin that came after the current one and was not undone: only its becoming current is missing."""
    if origin.as_known_on is not None:
        return None
    current, undone = current_release(home), undone_releases(home)
    since = str(current.manifest["created_at"]) if current else ""
    made = [
        release for release in list_releases(home)
        if release.manifest["input_fingerprint"] == origin.fingerprint and str(release.manifest["created_at"]) > since
        and not release.is_beside and release.release_id not in undone and "files" in release.manifest and not release.damaged_files
    ]  # fmt: skip
    return made[-1] if made else None


def _after(home: Home, now: datetime) -> datetime:
    """Now, or the second after the last release where the clock says otherwise: ids stay in the order of publishing, and no release
    takes the place of another."""
    ids = [path.name[:15] for path in home.releases.iterdir() if _STAMPED.match(path.name)]
    last = max((datetime.fromisoformat(stamp) for stamp in ids), default=datetime(1, 1, 1))
    return now if now.replace(microsecond=0) > last else last + timedelta(seconds=1)


def _build(home: Home, origin: Origin, now: datetime) -> Release:
    """A complete release in a folder of its own, on disk when this returns; `current` is not moved."""
    known = origin.as_known_on.isoformat() if origin.as_known_on else None
    release_id = f"{now:{_STAMP}}-{origin.fingerprint[:8]}" + ("-as-known" if known else "")
    aside = home.releases / f".{release_id}{PART}"
    try:
        try:
            tables = copied_tables(home, aside)
        except (duckdb.Error, ValueError) as error:
            raise ReleaseError(f"the release could not be copied out of the working database: {error}") from error
        if not tables:
            raise ReleaseError("the working database holds no marts: nothing was published, the release before stays current")
        _write_json(aside / "datapackage.json", data_package(release_id, aside, now.isoformat(), known))
        manifest: dict[str, Any] = {
            "release_id": release_id,
            "created_at": now.isoformat(),
            "as_known_on": known,
            "code_version": origin.code_version,
            "input_fingerprint": origin.fingerprint,
            "inputs": list(origin.inputs),
            "made_with": dict(origin.made_with),
            "tables": tables,
            "files": _sealed(aside),
        }
        (aside / "manifest.json").write_text(checked_json(manifest))
        _flush(aside)
        final = home.releases / release_id
        aside.replace(final)
        flush_folders([home.releases])
    finally:
        if aside.exists():
            shutil.rmtree(aside)
    return Release(release_id, final, manifest)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True))


def _sealed(folder: Path) -> dict[str, dict[str, object]]:
    """Size and sha256 of every file of a release: by these it is known to be whole."""
    files: dict[str, dict[str, object]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        sha256 = file_sha256(path)
        seal(path, sha256)
        files[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": sha256}
    return files


def _flush(folder: Path) -> None:
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        flush_file(path)
    flush_folders([folder, *(p for p in folder.rglob("*") if p.is_dir())])
