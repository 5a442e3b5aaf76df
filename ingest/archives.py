"""ZIP archives: what they hold, unpacked within limits and without trusting a name.

Belongs here: which members are tables, which are refused and why, and safe names for them. Must not: store anything. A member's
name in the warehouse is `<archive>!/<path inside>`; nothing is ever written to a path that an archive names.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.limits import LimitBreached, Limits
from ingest.sniff import BROKEN_ZIP, detect_type

MARK = "!/"  # between an archive's name and a member's
_TABLES = frozenset(("text", "xlsx", "xlsb", "xls", "ods", "json", "parquet", "zip", "locked"))
_TABLE_NAMES = re.compile(r"\.(csv|tsv|tab|txt|xlsx|xlsm|xlsb|xls|ods|json|parquet|zip)$", re.IGNORECASE)
_NOTICES = re.compile(r"(^|/)(read_?me|licen[cs]e|copying)[^/.]*(\.(txt|md))?$|\.(md|html?|xml|rtf|docx?|pdf)$", re.IGNORECASE)
_PIECE = 1 << 20
_LARGE = 10_000_000  # bytes: what unpacks to less does no harm, however small it was packed
_NAME_LENGTH = 400
_ADVICE = "send its files in several archives, or unpacked"


@dataclass(frozen=True)
class Member:
    """A table inside an archive, under its safe name."""

    name: str
    content: bytes = field(repr=False)


@dataclass
class Contents:
    """What became of an archive's members. `notes`: (rule_id, name, words); `cause` "": at least one table was found."""

    table_count: int = 0
    notes: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    cause: str = ""
    rule_id: str = "file_is_readable"

    def refuse(self, name: str, words: str) -> None:
        self.notes.append(("archive_member_is_refused", name, f"'{name}' in the archive was not unpacked: {words}"))

    def skip(self, name: str, words: str) -> None:
        self.notes.append(("archive_member_is_no_table", name, f"'{name}' in the archive was left there: {words}"))


class Allowance:
    """What may still be unpacked, shared by an archive and the archives inside it."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.members, self.unpacked = limits, 0, 0


def is_archive(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06")) and detect_type(content) == "zip"


def depth_of(file_name: str) -> int:
    """How many archives a landed file stood in."""
    return file_name.count(MARK)


def survey(content: bytes, limits: Limits, depth: int = 0) -> Contents:
    """What an archive holds, without keeping any of it. Never raises for what is in the archive."""
    contents = Contents()
    for _ in members(content, limits, depth, contents):
        pass
    return contents


def members(
    content: bytes, limits: Limits, depth: int = 0, contents: Contents | None = None, allowance: Allowance | None = None
) -> Iterator[Member]:
    """The tables of an archive, one at a time, archives inside it as they are. Never raises for what is in the archive:
    `contents`, where given, is told what was refused and why."""
    told = contents if contents is not None else Contents()
    allowance = allowance or Allowance(limits)
    try:
        if depth >= limits.archive_depth:
            raise LimitBreached("archive_depth", depth + 1, limits.archive_depth, "the archive", _ADVICE)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            allowance.members += len(infos)
            limits.check("member_count", allowance.members, "the archive", _ADVICE)
            seen: set[str] = set()
            for info in infos:
                member = _member(archive, info, seen, told, allowance)
                if member is not None:
                    told.table_count += 1
                    yield member
    except LimitBreached as breach:
        told.cause, told.rule_id = str(breach), "file_is_within_limits"
    except BROKEN_ZIP as error:
        told.cause = f"the archive is broken ({error}): pack it again"
    if not told.table_count and not told.cause:
        told.cause, told.rule_id = "no file in the archive is a table that can be unpacked", "file_is_a_table"


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, seen: set[str], told: Contents, allowance: Allowance) -> Member | None:
    raw = info.orig_filename or info.filename
    name = raw.replace("\\", "/")
    shown = _shown(raw)
    if info.is_dir() or name.endswith("/"):
        return None
    if fault := _fault_of_name(name, info):
        told.refuse(shown, fault)
        return None
    if any(part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/")):
        told.skip(shown, "it is a hidden file of an operating system")
        return None
    if name in seen:
        told.refuse(shown, "another file of this name stands before it in the archive; give each its own name")
        return None
    seen.add(name)
    try:
        content = _unpacked(archive, info, allowance)
    except LimitBreached as breach:
        if breach.name == "unpacked_bytes":
            raise
        told.refuse(shown, str(breach))
        return None
    except BROKEN_ZIP as error:
        told.refuse(shown, f"it is damaged or packed in an unusual way ({error}); pack it again")
        return None
    if _NOTICES.search(name) or (detect_type(content) not in _TABLES and not _TABLE_NAMES.search(name)):
        told.skip(shown, "it is not a table")
        return None
    return Member(name, content)


def _fault_of_name(name: str, info: zipfile.ZipInfo) -> str:
    """Why a member's name or kind is not to be trusted; "" when nothing is wrong with it."""
    parts = name.split("/")
    if name.startswith("/") or re.match(r"^[A-Za-z]:", name) or ".." in parts:
        return "its name leads out of the archive; pack it again without paths"
    if any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 or 0xD800 <= ord(character) < 0xE000 for character in name):
        return "its name holds control characters; rename it"
    if "" in parts or "." in parts or MARK in name or len(name) > _NAME_LENGTH:
        return "its name is no plain path; rename it"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link to another file; pack the file itself"
    if info.flag_bits & 0x1:
        return "it is protected with a password; pack it again without one"
    return ""


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, allowance: Allowance) -> bytes:
    limits, where = allowance.limits, f"'{_shown(info.filename)}'"
    if info.file_size > _LARGE:
        limits.check("compression_ratio", info.file_size // max(1, info.compress_size), where, _ADVICE)
    limits.check("file_bytes", info.file_size, where, _ADVICE)
    out = bytearray()
    with archive.open(info) as handle:
        while piece := handle.read(_PIECE):
            out += piece
            allowance.unpacked += len(piece)
            limits.check("unpacked_bytes", allowance.unpacked, "the archive", _ADVICE)
    return bytes(out)


def _shown(name: str) -> str:
    return name.encode("unicode_escape").decode("ascii")[:120] if not name.isprintable() else name[:120]
