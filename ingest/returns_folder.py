"""A folder of returns: `path/<publisher-slug>/[<kind>/]<file>` (design: contract, "A folder of returns").

Belongs here: walking the folder. Must not: open the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.kinds import KINDS

REGISTRY_FOLDER = "registry"


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
