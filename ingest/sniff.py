"""What a file is, by its content, and how its text is encoded and split.

Belongs here: decisions about bytes, each with its reason. Must not: parse rows. Nobody sniffs silently: every decision
becomes a finding (design/returns.md, rule 2).
"""

from __future__ import annotations

import codecs
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Literal

ContentType = Literal[
    "text", "xlsx", "xlsb", "xls", "ods", "zip", "parquet", "json",
    "html", "xml", "pdf", "document", "packed", "locked", "empty", "binary",
]  # fmt: skip

_DELIMITERS = (",", "\t", ";", "|")
_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_HEAD = 65_536
_LINE_END = re.compile(r"\r\n|\r|\n")  # str.splitlines would also split at form feeds and U+2028, which csv does not
_QUOTED = re.compile(r'"[^"]*"')
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r"))
_NO_TABLE = b"\x00 \t\r\n\xef\xbb\xbf,;"
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
# All that reading a damaged ZIP raises: each way of packing has errors of its own.
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError),
    *(ValueError, LookupError, NotImplementedError, RuntimeError),
)


@dataclass(frozen=True)
class Decision:
    """A choice made about a file, with the reason a person can check."""

    choice: str
    reason: str


def detect_type(content: bytes) -> ContentType:
    """The type by magic bytes and markup; the file's name has no say."""
    head = content[:_HEAD]
    if not head.strip(_NO_TABLE):
        return "empty" if not content.strip(_NO_TABLE) else "text"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package_type(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "locked" if "EncryptedPackage".encode("utf-16-le") in content else "xls"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_PACKED):
        return "packed"
    wide = _wide_encoding(content)
    text = (head.decode(wide, errors="replace").encode(errors="replace") if wide else head).lstrip(b"\xef\xbb\xbf \t\r\n")[:2048]
    if marked := _markup_type(text.lower()):
        return marked
    if re.match(rb"\{\s*[\"}]|\[\s*[\[{\"\]0-9]", text):
        return "json"
    if not wide and b"\x00" in head and len(head.translate(None, _CONTROLS)) < len(head) * 0.95:
        return "binary"
    return "text"


def _markup_type(text: bytes) -> ContentType | None:
    if text.startswith((b"<!doctype html", b"<html")) or b"<html" in text[:512] or b"<head>" in text[:512]:
        return "html"
    return "xml" if text.startswith(b"<?xml") else None


def _package_type(content: bytes) -> ContentType:
    """What a ZIP holds, by its directory of members; by the first members' names where the directory is torn."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}
            kind = _open_document_type(archive, infos)
    except BROKEN_ZIP:
        head = content[:_HEAD]
        return "ods" if b"opendocument.spreadsheet" in head[:200] else "xlsx" if b"xl/workbook" in head else "zip"
    if kind is not None:
        return kind
    if "xl/workbook.bin" in infos:
        return "xlsb"
    if "xl/workbook.xml" in infos:
        return "xlsx"
    if "[content_types].xml" in infos:
        return "xlsx" if any(name.startswith("xl/") for name in infos) else "document"
    return "zip"


def _open_document_type(archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> ContentType | None:
    kind = b""
    if "mimetype" in infos:
        with archive.open(infos["mimetype"]) as handle:
            kind = handle.read(100)
    if b"opendocument" not in kind:
        return None
    return "ods" if b"spreadsheet" in kind else "document"


def _wide_encoding(content: bytes) -> str:
    """UTF-16 or UTF-32 by its mark, UTF-16 without one by where its NUL bytes stand; else ""."""
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            return "" if name == "utf-8-sig" else name
    head = content[:_HEAD]
    even, odd = head[::2].count(0), head[1::2].count(0)
    pairs = max(1, len(head) // 2)
    if odd > pairs * 0.6 and even < pairs * 0.02:
        return "utf-16-le"
    if even > pairs * 0.6 and odd < pairs * 0.02:
        return "utf-16-be"
    return ""


def decide_encoding(content: bytes) -> Decision:
    """UTF-8 with BOM, UTF-16 and UTF-32, strict UTF-8, then cp1252; cp850 where the pound sign is byte 0x9C."""
    if content.startswith(codecs.BOM_UTF8):
        try:
            content.decode("utf-8-sig")
            return Decision("utf-8-sig", "the file starts with a UTF-8 byte order mark")
        except UnicodeDecodeError:
            return Decision("cp1252", "a UTF-8 byte order mark, but bytes that are not UTF-8 follow")
    if wide := _wide_encoding(content):
        if wide in ("utf-16", "utf-32"):
            return Decision(wide, f"the file starts with a {wide.upper()} byte order mark")
        return Decision(wide, "every other byte is NUL, as in UTF-16 without a byte order mark")
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
    """The delimiter that the file states ("sep=;" on its first line, as Excel writes), else the one that splits most lines into
    the same number of columns; comma where nothing else does better.

    Only the lower half of the lines looked at counts: titles and notes with commas of their own stand above the table.
    """
    lines = [line for line in _LINE_END.split(text[:_HEAD])[:2000] if line.strip()]
    if lines and (stated := re.match(r'^\ufeff?"?sep=([,;|\t])"?\W*$', lines[0], re.IGNORECASE)):
        return Decision(stated[1], f"{_NAMES[stated[1]]}: the first line states it")
    lines = [_QUOTED.sub("", line) for line in lines]
    table = lines[len(lines) // 2 :]
    best, best_score = ",", (*_regularity(table, ","), _regularity(lines, ",")[0])
    for delimiter in _DELIMITERS[1:]:
        score = (*_regularity(table, delimiter), _regularity(lines, delimiter)[0])
        if score[0] > 0.5 and score > best_score:
            best, best_score = delimiter, score
    return Decision(best, f"{_NAMES[best]}: {best_score[1]} in {best_score[0]:.0%} of the {len(table)} lines looked at")


def _regularity(lines: list[str], delimiter: str) -> tuple[float, int]:
    """The share of lines (their quoted cells taken out) with the commonest number of this delimiter, and that number."""
    counts = Counter(line.count(delimiter) for line in lines)
    counts.pop(0, None)
    if not counts:
        return (0.0, 0)
    number, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return (count / len(lines), number)
