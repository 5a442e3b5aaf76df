"""Files kept beside the working database from run to run: known to be whole whenever they are used.

Belongs here: their names, their seals, taking away what is damaged or no longer asked for. Must not: know what they hold.

A kept file is named by its key, which says what it was made of, and by the sha256 of its bytes. One that is not what was written is
taken away and made again: nobody would see it in the figures.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from ingest.durable import file_sha256, flush_file, is_whole, seal


def find_kept(folder: Path, key: str) -> Path | None:
    """The file that is kept under a key, or None."""
    for path in sorted(folder.glob(f"{key}.*.parquet")):
        if is_whole(path, path.name.split(".")[1]):
            return path
        path.unlink()
    return None


def keep(made: Path, key: str) -> Path:
    """Keep a file that was made in the folder of the kept ones, under a key; it is on disk before it has its name."""
    sha256 = file_sha256(made)
    flush_file(made)
    seal(made, sha256)
    return made.replace(made.with_name(f"{key}.{sha256}.parquet"))


def forget_others(folder: Path, keys: Collection[str]) -> None:
    """Take away what is kept under no key of these, and what a stop left half made."""
    for path in folder.glob("*"):
        if path.name.split(".")[0] not in keys:
            path.unlink()
