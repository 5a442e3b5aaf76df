"""The file name under which a fetched return lands: what the server calls it, made harmless.

Pure. A name out of the network is a stranger's: no folders, no control or invisible characters, no hidden files, bounded length.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

LONGEST = 120
LONGEST_SUFFIX = 12
NAMELESS = "download"
_EXTENDED = re.compile(r"filename\*\s*=\s*(?P<charset>[\w.-]*)'[^']*'(?P<name>[^;\s]+)", re.IGNORECASE)
_UNWANTED = set('<>:"|?*/\\')


def name_from(content_disposition: str, url: str) -> str:
    """The name in a Content-Disposition header, else the last part of the address, made safe."""
    return safe_name(_disposition_name(content_disposition)) or safe_name(_url_name(url)) or NAMELESS


def safe_name(text: str) -> str:
    """A name that is one file in one folder on any system, or "" when nothing is left of it."""
    last = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", last))
    kept = "".join("_" if c in _UNWANTED else c for c in kept if unicodedata.category(c)[0] != "C")
    kept = " ".join(kept.split()).lstrip(".~$ ").rstrip(". ")
    return _bounded(kept)


def numbered_apart(name: str, url: str) -> str:
    """The name with a mark of its address before the ending, for a name that another endpoint or file has already."""
    mark = hashlib.sha256(url.encode()).hexdigest()[:8]
    stem, suffix = _split(name)
    return _bounded(f"{stem}-{mark}{suffix}", keep=len(mark) + 1)


def _disposition_name(header: str) -> str:
    """`filename*` (RFC 6266: with its character set) before `filename`."""
    if match := _EXTENDED.search(header):
        try:
            return unquote(match["name"], encoding=match["charset"], errors="replace")
        except (LookupError, ValueError):
            return unquote(match["name"])
    message = Message()
    message["content-disposition"] = " ".join(header.split())
    try:
        name = message.get_filename("") or ""
    except (LookupError, ValueError, UnicodeError):
        return ""
    try:
        return name.encode("latin-1").decode("utf-8")  # many servers send bare UTF-8, which arrives as Latin-1
    except UnicodeError:
        return name


def _url_name(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])


def _split(name: str) -> tuple[str, str]:
    suffix = PurePosixPath(name).suffix
    return (name[: -len(suffix)], suffix) if suffix and len(suffix) <= LONGEST_SUFFIX else (name, "")


def _bounded(name: str, keep: int = 0) -> str:
    """Cut the stem in the middle of a long name: its ending, and `keep` characters before it, stay. Counted in bytes of UTF-8."""
    stem, suffix = _split(name)
    tail = stem[len(stem) - keep :] + suffix
    head = stem[: len(stem) - keep]
    while len((head + tail).encode()) > LONGEST:
        head = head[:-1]
    return (head + tail).strip()
