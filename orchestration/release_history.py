"""The releases of a home: which there are, which is current, going back and forth between them (design: contract).

Belongs here: reading manifests, naming a release, moving `releases/current`, remembering what was undone. Must not: build or
change a release.

`undone.json` lists what a person took back: a run with nothing new would otherwise publish the same content again, silently.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.durable import PART, checked_json, flush_folders, is_whole, read_checked, written_aside
from ingest.home import Home

CURRENT, PREVIOUS = "current", "previous"


class NoSuchRelease(LookupError):
    """No release, or more than one, has that name. The message lists those that are there."""


class CannotUndo(RuntimeError):
    """There is nothing to go back to, or nothing to bring back. The message says which."""


@dataclass(frozen=True)
class Release:
    """A published release."""

    release_id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def database(self) -> Path:
        return self.folder / "totalplace.duckdb"

    @property
    def is_beside(self) -> bool:
        """Made as known on an instant: it never was, and never becomes, `current`."""
        return bool(self.manifest.get("as_known_on"))

    @property
    def damaged_files(self) -> list[str]:
        """Its files that are gone or are not what was published; cheap where nobody touched them (`ingest.durable`). A release of
        before hashes were kept has none to compare with."""
        files: dict[str, Any] = self.manifest.get("files", {})
        return [name for name, facts in sorted(files.items()) if not is_whole(self.folder / name, facts["sha256"])]

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Move:
    """`current` went from one release to another."""

    left: Release
    now: Release


def current_release(home: Home) -> Release | None:
    """The release that readers see, or None. One whose manifest is damaged is none: it is published anew."""
    return _read(home.current_release.resolve())


def is_made_of(release: Release | None, fingerprint: str) -> bool:
    """Whether a release is there, whole, and of these very inputs and code: then there is nothing to publish."""
    return release is not None and release.manifest["input_fingerprint"] == fingerprint and not release.damaged_files


def list_releases(home: Home) -> list[Release]:
    """Every complete release, oldest first. One whose manifest is damaged is none."""
    folders = [path.parent for path in home.releases.glob("*/manifest.json")]
    read = [_read(folder) for folder in folders if not folder.is_symlink() and not folder.name.startswith(".")]
    found = [release for release in read if release is not None]
    return sorted(found, key=lambda r: (str(r.manifest["created_at"]), r.release_id))


def previous_release(home: Home) -> Release | None:
    """The release that `undo` goes back to: the latest before the current one that was not itself undone."""
    current = current_release(home)
    undone = undone_releases(home)
    before = [
        release
        for release in list_releases(home)
        if current is not None and not release.is_beside and release.release_id not in undone
        and str(release.manifest["created_at"]) < str(current.manifest["created_at"]) and not release.damaged_files
    ]  # fmt: skip
    return before[-1] if before else None


def find_release(home: Home, name: str) -> Release:
    """The release called `current`, `previous`, by its id or by the beginning of its id.

    Raises NoSuchRelease when none or several are meant.
    """
    found: Release | None
    if name in (CURRENT, PREVIOUS):
        found = current_release(home) if name == CURRENT else previous_release(home)
        if found is None:
            raise NoSuchRelease(f"there is no {name} release{_present(home)}")
        return found
    releases = list_releases(home)
    exact = [r for r in releases if r.release_id == name]
    meant = exact or [r for r in releases if name and r.release_id.startswith(name)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise NoSuchRelease(f"'{name}' begins {len(meant)} releases: {', '.join(r.release_id for r in meant)}; give more of the id")
    raise NoSuchRelease(f"there is no release '{name}'{_present(home)}")


def point_current(home: Home, release_id: str) -> None:
    """Move `releases/current` in one step: readers see the old release or the new one."""
    link = home.releases / f".current.{os.getpid()}-{secrets.token_hex(4)}{PART}"  # of its own: two may do this at once
    link.symlink_to(release_id)
    link.replace(home.current_release)
    flush_folders([home.releases])


def undone_releases(home: Home) -> dict[str, dict[str, str]]:
    """release id -> `input_fingerprint` and `undone_at` of each release that was taken back and not brought back since."""
    path = _undone_path(home)
    return read_checked(path) if path.exists() else {}


def undone_twin(home: Home, fingerprint: str) -> str | None:
    """The undone release that was made of exactly these inputs and this code, latest first, or None."""
    twins = [release_id for release_id, facts in undone_releases(home).items() if facts["input_fingerprint"] == fingerprint]
    return max(twins, default=None)


def undo(home: Home, now: datetime) -> Move:
    """Move `current` back to the release before and remember what was taken back.

    Raises CannotUndo when there is no release to go back to.
    """
    current, before = current_release(home), previous_release(home)
    if current is None:
        raise CannotUndo("nothing is published: there is no release to undo")
    if before is None:
        raise CannotUndo(f"there is no release before {current.release_id}: it stays current")
    facts = {"input_fingerprint": str(current.manifest["input_fingerprint"]), "undone_at": now.isoformat(timespec="seconds")}
    _write_undone(home, undone_releases(home) | {current.release_id: facts})  # first: a stop in between must not publish it anew
    point_current(home, before.release_id)
    return Move(current, before)


def restore(home: Home, name: str | None = None) -> Move:
    """Bring an undone release back as `current`: the named one, else the last undone.

    Raises CannotUndo when it was not undone, NoSuchRelease when there is none of that name.
    """
    undone, current = undone_releases(home), current_release(home)
    if current is None or not undone:
        raise CannotUndo("no release was undone: there is nothing to bring back")
    wanted = find_release(home, name or max(undone, key=lambda release_id: (undone[release_id]["undone_at"], release_id)))
    if wanted.release_id not in undone:
        raise CannotUndo(f"{wanted.release_id} was not undone; undone are {', '.join(sorted(undone))}")
    if damaged := wanted.damaged_files:
        raise CannotUndo(
            f"{wanted.release_id} is damaged ({', '.join(damaged)} is not what was published): it cannot be brought back"
        )
    point_current(home, wanted.release_id)
    _write_undone(home, {release_id: facts for release_id, facts in undone.items() if release_id != wanted.release_id})
    return Move(current, wanted)


def _present(home: Home) -> str:
    names = [r.release_id for r in list_releases(home)]
    return f"; there are {', '.join(names)}" if names else ": nothing is published yet (`totalplace run` publishes)"


def _read(folder: Path) -> Release | None:
    try:
        manifest = read_checked(folder / "manifest.json")
        return Release(manifest["release_id"], folder, manifest)
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def _undone_path(home: Home) -> Path:
    return home.releases / "undone.json"


def _write_undone(home: Home, undone: dict[str, dict[str, str]]) -> None:
    with written_aside(_undone_path(home)) as aside:
        aside.write_text(checked_json(undone))
