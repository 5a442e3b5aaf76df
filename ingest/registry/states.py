"""Past states of a place's own registry, so that a release as known on an instant counts by the rows of then.

Belongs here: keeping every state that landed (content-addressed, beside the originals) and finding the one of an instant. Must not:
read files by a past state. What a file became is decided when it is read, under the registry of that time, and is not made again:
who publishes, what headers mean and which personal data are withheld (`READING`) are always today's, everything that counts money
(places served, areas, transfer rules, themes, populations, rates) is as it was known.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ingest.home import Home, written_aside
from ingest.registry import Registry, load_registry

READING = frozenset({"agencies", "places", "files", "endpoints", "header_synonyms", "personal_data"})


def keep_state(home: Home, folder: Path, now: datetime) -> None:
    """Keep the CSV files of a registry folder as the state from `now` on, unless they are those of the last state."""
    contents = {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    states = _states(home)
    if states and _files(states[-1]) == files:
        return
    for name, content in contents.items():
        target = home.objects / files[name][:2] / files[name]
        if not target.exists():
            with written_aside(target) as aside:
                aside.write_bytes(content)
    with written_aside(_folder(home) / f"{now:%Y%m%dT%H%M%S.%f}.json") as aside:
        aside.write_text(json.dumps({"kept_at": now.isoformat(), "files": files}, indent=1, sort_keys=True))


def as_known(home: Home, registry: Registry, instant: datetime) -> Registry:
    """The registry in which what counts money is as known on the instant; of an instant before the first state kept, unchanged."""
    earlier = [state for state in _states(home) if _kept_at(state) <= instant]
    if not earlier:
        return registry
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, sha256 in _files(earlier[-1]).items():
            (folder / file).write_bytes((home.objects / sha256[:2] / sha256).read_bytes())
        past = load_registry(folder).extension
    today = {name: rows for name, rows in registry.extension.items() if name in READING}
    return replace(registry, extension=today | {name: rows for name, rows in past.items() if name not in READING})


def _folder(home: Home) -> Path:
    return home.landing / "registry"


def _states(home: Home) -> list[Path]:
    return sorted(_folder(home).glob("*.json"))


def _files(state: Path) -> dict[str, str]:
    return json.loads(state.read_text())["files"]


def _kept_at(state: Path) -> datetime:
    return datetime.fromisoformat(json.loads(state.read_text())["kept_at"])
