"""A file that somebody gives to a command (`check`, `map`): whose it is, of what kind, and the registry it is read by.

Belongs here: what a file's place says about it, and the words where it is no file. Must not: store anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.kinds import KINDS
from ingest.landing import Receipt, unpacked
from ingest.limits import Limits
from ingest.registry import Registry, RegistryError, load_registry
from ingest.sniff import detect_type
from orchestration.cli.console import chosen_home, chosen_limits, fail

_NEVER = "1970-01-01T00:00:00"  # it is not landed


@dataclass(frozen=True)
class Submitted:
    """A file as it would land from where it lies: `folder` is its publisher's, which may not lie in a returns folder at all."""

    file: Path
    folder: Path
    publisher_slug: str
    registry: Registry
    limits: Limits
    receipt: Receipt
    content: bytes = field(repr=False)

    def files(self) -> Iterator[tuple[Receipt, bytes]]:
        """The file itself, and the tables in it where it is an archive."""
        return unpacked(self.receipt, self.content, self.limits)


def submitted(
    file: Path, agency: str | None, kind: str | None, home_path: Path | None, secret: Callable[[], bytes] | None = None
) -> Submitted:
    """Read a file. `agency` and `kind` None: what the folders that it lies in say. The registry is that beside its folder, else
    the home's.

    Ends the command with status 2 for a file that is none, or a registry that cannot be used.
    """
    if file.is_dir():
        fail(f"{file} is a folder: give one file; `totalplace run --returns {file}` takes a folder", 2)
    if not file.is_file():
        fail(f"{file}: there is no such file", 2)
    limits = chosen_limits()
    content = file.read_bytes()
    parent = file.resolve().parent
    folder = parent.parent if parent.name in KINDS else parent
    given = folder.parent / "registry"
    try:
        registry = load_registry(given if given.is_dir() else chosen_home(home_path).root / "registry", secret)
    except RegistryError as error:
        fail(str(error), 2)
    receipt = Receipt(
        file_name=file.name,
        publisher_slug=agency or folder.name,
        kind_hint=kind or (parent.name if parent.name in KINDS else None),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        detected_type=detect_type(content),
        source=str(file),
        first_landed_at=_NEVER,
        landed_at=_NEVER,
    )
    return Submitted(file, folder, receipt.publisher_slug, registry, limits, receipt, content)
