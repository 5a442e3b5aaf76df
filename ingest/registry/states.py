"""Past states of a place's own registry, so that a release as known on an instant counts by the rows of then.

Belongs here: keeping every state that landed (content-addressed, beside the originals) and finding the one of an instant. Must not:
read files by a past state. What a file became is decided when it is read, under the registry of that time, and is not made again:
who publishes, what headers mean and which personal data are withheld (`READING`) are always today's, everything that counts money
(places served, areas, transfer rules, themes, populations, rates) is as it was known.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from ingest.durable import checked_json, is_whole, read_checked, seal, written_aside
from ingest.home import Home
from ingest.registry import EXTENSION_COLUMNS, POLICY, Registry, RegistryError, load_registry

READING = frozenset({"agencies", "places", "files", "endpoints", "header_synonyms", "personal_data"})


def keep_state(home: Home, folder: Path, now: datetime) -> None:
    """Keep the CSV files of a registry folder as the state from `now` on, unless they are those of the last state.

    Raises RegistryError for a file that cannot be read.
    """
    contents = {path.name: _content(path) for path in sorted(folder.glob("*.csv"))}
    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    for name, content in contents.items():
        target = _object(home, files[name])
        if not is_whole(target, files[name]):
            with written_aside(target) as aside:
                aside.write_bytes(content)
                seal(aside, files[name])
    states = _states(home)
    if states and _files(states[-1]) == files:
        return
    if states:  # a clock that went back must not put the newer state before the older
        now = max(now, _kept_at(states[-1]) + timedelta(microseconds=1))
    with written_aside(_folder(home) / f"{now:%Y%m%dT%H%M%S.%f}.json") as aside:
        aside.write_text(checked_json({"kept_at": now.isoformat(), "files": files}))


def check_out(home: Home, folder: Path) -> None:
    """Make the CSV files of `folder` those of the last state kept, whatever a stop left there. Without a state nothing is done.

    Raises RegistryError where what was kept is damaged.
    """
    states = _states(home)
    if not states:
        return
    folder.mkdir(parents=True, exist_ok=True)
    files = _files(states[-1])
    for name, sha256 in files.items():
        if is_whole(folder / name, sha256):
            continue
        if not is_whole(_object(home, sha256), sha256):
            raise RegistryError(
                f"{name}: the copy that was kept of it is damaged; put registry/{name} into the returns folder again"
            )
        with written_aside(folder / name) as aside:
            aside.write_bytes(_object(home, sha256).read_bytes())
            seal(aside, sha256)
    for path in folder.glob("*.csv"):
        if path.name not in files:
            path.unlink()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RegistryError(f"{path.name}: cannot be read ({error.strerror}); let it be read by who runs this") from error


def _object(home: Home, sha256: str) -> Path:
    return home.objects / sha256[:2] / sha256


def as_known(home: Home, registry: Registry, instant: datetime) -> Registry:
    """The registry in which what counts money is as known on the instant; of an instant before the first state kept, unchanged."""
    earlier = [state for state in _states(home) if _kept_at(state) <= instant]
    if not earlier:
        return registry
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, sha256 in _files(earlier[-1]).items():
            (folder / file).write_bytes(_object(home, sha256).read_bytes())
        # today's policy is in force, and one that could not be used then stops nothing now
        past = load_registry(folder, names=EXTENSION_COLUMNS.keys() - {POLICY}, beside=registry).extension
    today = {name: rows for name, rows in registry.extension.items() if name in READING}
    return replace(registry, extension=today | {name: rows for name, rows in past.items() if name not in READING})


def _folder(home: Home) -> Path:
    return home.landing / "registry"


def _states(home: Home) -> list[Path]:
    return [path for path in sorted(_folder(home).glob("*.json")) if _is_state(path)]


def _is_state(path: Path) -> bool:
    """A state that is damaged is passed over: the next landing keeps it anew."""
    try:
        state = read_checked(path)
        return {"files", "kept_at"} <= state.keys() and bool(datetime.fromisoformat(state["kept_at"]))
    except (ValueError, KeyError, TypeError):
        return False


def _files(state: Path) -> dict[str, str]:
    return read_checked(state)["files"]


def _kept_at(state: Path) -> datetime:
    return datetime.fromisoformat(read_checked(state)["kept_at"])
