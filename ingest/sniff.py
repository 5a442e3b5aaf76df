"""What a file is, by its content, and how its text is encoded.

Belongs here: decisions about bytes, each with its reason. Must not: parse rows. Nobody sniffs silently: every decision
becomes a finding (design/returns.md, rule 2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ContentType = Literal["text", "xlsx", "xls", "ods", "zip", "parquet", "json", "html", "pdf", "empty", "binary"]

_DELIMITERS = (",", "\t", ";", "|")
_HEAD = 65_536


@dataclass(frozen=True)
class Decision:
    """A choice made about a file, with the reason a person can check."""

    choice: str
    reason: str


def detect_type(content: bytes) -> ContentType:
    """The type by magic bytes and markup; the file's name has no say."""
    head = content[:_HEAD]
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf,;"):
        return "empty" if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf,;") else "text"
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:2048].lower()
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text[:512] or b"<head>" in text[:512]:
        return "html"
    if text[:1] in (b"{", b"["):
        return "json"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\x00" in head:
        return "binary"
    return "text"


def _zip_type(content: bytes) -> ContentType:
    tail = content[-_HEAD:] + content[:_HEAD]  # names stand in the central directory at the end
    if b"xl/workbook" in tail or b"xl/worksheets" in tail:
        return "xlsx"
    if b"opendocument.spreadsheet" in content[:200]:
        return "ods"
    return "zip"


def decide_encoding(content: bytes) -> Decision:
    """UTF-8 with BOM, strict UTF-8, UTF-16 with BOM, then cp1252; cp850 where the pound sign is byte 0x9C."""
    if content.startswith(b"\xef\xbb\xbf"):
        try:
            content.decode("utf-8-sig")
            return Decision("utf-8-sig", "the file starts with a UTF-8 byte order mark")
        except UnicodeDecodeError:
            return Decision("cp1252", "a UTF-8 byte order mark, but bytes that are not UTF-8 follow")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decision("utf-16", "the file starts with a UTF-16 byte order mark")
    try:
        content.decode("utf-8")
        return Decision("utf-8", "every byte is valid UTF-8")
    except UnicodeDecodeError as error:
        where = f"byte 0x{content[error.start]:02X} at offset {error.start} is not UTF-8"
    if b"\xa3" not in content and re.search(rb"\x9c\s?\d|\(\x9c\)", content):
        return Decision("cp850", f"{where}; byte 0x9C stands where a pound sign would")
    return Decision("cp1252", where)


def decode(content: bytes, encoding: str) -> str:
    """The text. cp1252 leaves five bytes undefined: they are kept as the control characters Latin-1 gives them."""
    if encoding == "cp1252":
        return content.decode("cp1252", errors="strict") if _is_cp1252(content) else content.decode("latin-1")
    return content.decode(encoding, errors="replace")


def _is_cp1252(content: bytes) -> bool:
    return not any(byte in content for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def decide_delimiter(text: str) -> Decision:
    """The delimiter that splits the first lines most evenly into most columns; comma where nothing else does better."""
    lines = [line for line in text[:_HEAD].splitlines()[:60] if line.strip()]
    best, best_score = ",", (0.0, 0.0)
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        used = [c for c in counts if c]
        score = (len(used) / max(1, len(counts)), sum(counts) / max(1, len(counts)))
        if score > best_score and (delimiter == "," or (score[0] > 0.8 and score[0] > best_score[0])):
            best, best_score = delimiter, score
    name = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}[best]
    return Decision(best, f"{name}: in {best_score[0]:.0%} of the first {len(lines)} lines")
