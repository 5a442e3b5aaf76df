"""One attempt at a file: a file:// address or a path, only inside folders that are allowed.

A path without a beginning slash lies in the returns folder. Links are followed before the folder is judged.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ingest.fetch.addresses import AddressRefused
from ingest.fetch.client import Answer
from ingest.fetch.settings import FetchSettings

_BLOCK = 1 << 20


def is_local(url: str) -> bool:
    """True for a file:// address and for a path; false for anything with another scheme."""
    return url.lower().startswith("file:") or "://" not in url


def local_path(url: str, returns_folder: Path | None, allowed: Sequence[Path]) -> Path:
    """The file that an endpoint names.

    Raises AddressRefused when it lies outside every allowed folder, or is no path.
    """
    if "\x00" in url:
        raise AddressRefused("the address holds control characters")
    text = url
    if url.lower().startswith("file:"):
        parts = urlsplit(url)
        if parts.netloc not in ("", "localhost"):
            raise AddressRefused(f"files of another machine ({parts.netloc}) are not read")
        text = unquote(parts.path)
    if not Path(text).is_absolute():
        if returns_folder is None:
            raise AddressRefused("a path without a beginning slash lies in the returns folder, and none is known")
        inside, path = [returns_folder.resolve()], (returns_folder / text).resolve()
    else:
        inside, path = [folder.resolve() for folder in allowed], Path(text).resolve()
    if not any(path.is_relative_to(folder) for folder in inside):
        raise AddressRefused("the file lies outside the folders that may be read (TOTALPLACE_FETCH_ALLOWED_FOLDERS)")
    return path


def copy_local(url: str, target: Path, returns_folder: Path | None, settings: FetchSettings) -> Answer:
    """Copy the file of an endpoint to `target`. Whatever goes wrong is in the answer, never an exception."""
    started = time.monotonic()
    size = 0
    try:
        path = local_path(url, returns_folder, settings.allowed_folders)
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe must not keep us waiting
        with os.fdopen(handle, "rb") as source, target.open("wb") as out:
            facts = os.fstat(source.fileno())
            if not stat.S_ISREG(facts.st_mode):
                return Answer("refused_address", "it is not a file", (url,))
            while block := source.read(_BLOCK):
                size += len(block)
                if size > settings.size_limit_bytes:
                    words = f"the limit is {settings.size_limit_bytes:,} bytes (TOTALPLACE_FETCH_SIZE_LIMIT_BYTES)"
                    return Answer("too_large", words, (url,), size_bytes=size)
                out.write(block)
    except AddressRefused as error:
        return Answer("refused_address", str(error), (url,))
    except (FileNotFoundError, NotADirectoryError):
        return Answer("dead_link", "there is no such file", (url,))
    except (OSError, ValueError) as error:
        return Answer("refused", f"the file cannot be read: {getattr(error, 'strerror', None) or error}", (url,))
    return Answer("fetched", hops=(url,), size_bytes=size, seconds=round(time.monotonic() - started, 3))
