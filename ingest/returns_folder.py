"""A folder of returns: `path/<publisher-slug>/[<kind>/]<file>` (design: contract, "A folder of returns").

Belongs here: walking the folder, and whether a home lies where the walk would find it. Must not: open the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.home import OWN_FOLDERS, Home
from ingest.kinds import KINDS

REGISTRY_FOLDER = "registry"


class MisplacedFolder(ValueError):
    """A returns folder and a home that lie in each other. The message is one line: what, where, what to do."""


@dataclass(frozen=True)
class FolderFile:
    """A file that may be a return; `name` is its path inside the folder, with forward slashes."""

    path: Path
    name: str
    publisher_slug: str
    kind_hint: str | None


@dataclass(frozen=True)
class FolderListing:
    """The files of a folder, and those at its root, which are ignored with a notice."""

    files: tuple[FolderFile, ...]
    ignored: tuple[str, ...]


def list_folder(root: Path) -> FolderListing:
    """Every file under every publisher's folder, in order of name.

    Raises FileNotFoundError or NotADirectoryError, with words for a person, when `root` is not a folder.
    """
    if not root.exists():
        raise FileNotFoundError(f"there is no folder {root}: give the folder that holds one folder per publisher")
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is a file: give the folder that holds one folder per publisher")
    files: list[FolderFile] = []
    ignored: list[str] = []
    for entry in sorted(root.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_file():
            ignored.append(entry.name)
        elif entry.name != REGISTRY_FOLDER:
            files += [_folder_file(root, path) for path in sorted(entry.rglob("*")) if _is_return(entry, path)]
    return FolderListing(tuple(files), tuple(ignored))


def _is_return(publisher: Path, path: Path) -> bool:
    return path.is_file() and not any(part.startswith((".", "~$")) for part in path.relative_to(publisher).parts)


def _folder_file(root: Path, path: Path) -> FolderFile:
    publisher, *inner = path.relative_to(root).parts
    hint = inner[0] if len(inner) > 1 and inner[0] in KINDS else None
    return FolderFile(path, "/".join((publisher, *inner)), publisher, hint)


def misplaced(root: Path, home: Home) -> str:
    """Why a folder cannot be landed in a home: "" when it can, else one line for a person.

    A home that the walk would find lands what it keeps, keeps more for it, and lands that at the next run: without end. Links are
    followed as the walk follows them; a home under a hidden name (`.totalplace`) is not walked. A folder of returns beside what a
    home keeps is no harm.
    """
    kept = home.root.resolve()
    for walked, is_publisher in _walked(root):
        if walked == kept and not is_publisher:
            return f"the returns folder {root} is the home {home.root} itself: {_ADVICE}"
        if kept.is_relative_to(walked) and not _is_hidden(kept.relative_to(walked).parts, is_publisher=is_publisher):
            return f"the home {home.root} lies in the returns folder {root}: {_ADVICE}"
        if walked.is_relative_to(kept) and walked.relative_to(kept).parts[0] in OWN_FOLDERS:
            return f"the returns folder {root} holds what the home {home.root} keeps: {_ADVICE}"
    return ""


_ADVICE = "what a home keeps would be landed as returns; give a home and a folder of returns that do not lie in each other"


def _walked(root: Path) -> list[tuple[Path, bool]]:
    """The folder, and those of its publishers that are links, as they truly lie: path, whether it is a publisher's."""
    links = [entry for entry in sorted(root.iterdir()) if entry.is_symlink() and entry.is_dir()] if root.is_dir() else []
    publishers = [entry.resolve() for entry in links if not entry.name.startswith(".") and entry.name != REGISTRY_FOLDER]
    return [(root.resolve(), False), *((path, True) for path in publishers)]


def _is_hidden(parts: tuple[str, ...], *, is_publisher: bool) -> bool:
    """Whether the walk passes a path over: its parts below a folder of returns, or below a publisher's."""
    inner = parts if is_publisher else parts[1:]
    return (not is_publisher and parts[0].startswith(".")) or any(part.startswith((".", "~$")) for part in inner)
