"""The parts of a zipped workbook, unpacked piece by piece within the limits: what XLSX and ODS share."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from ingest.limits import Limits
from ingest.readers.cells import UnreadableFile

PIECE = 1 << 18  # bytes: what stays in the processor's cache is scanned several times for the price of one
_PROLOG_DOCTYPE = re.compile(rb"^(?:\xef\xbb\xbf)?(?:\s|<\?[^>]*>|<!--(?s:.*?)-->)*<!DOCTYPE", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")

PACKED = 1 << 16


class Budget:
    """What may still be unpacked of one file."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.unpacked = limits, 0

    def spend(self, size: int, where: str) -> None:
        self.unpacked += size
        self.limits.check("unpacked_bytes", self.unpacked, where, "save the workbook as CSV, or publish it in several files")


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: Budget, cut: bytes) -> Iterator[bytes]:
    """The content of a part in pieces that end before the last `cut` (after it, where it is an end tag), so that no piece ends
    inside what a scan looks for.

    Raises UnreadableFile for a part that declares a document type (entities could swell it, or reach outside it) or is not in
    UTF-8, LimitBreached.
    """
    tail = b""
    is_first = True
    for piece in _unpacked(archive, part):
        budget.spend(len(piece), f"part {part.filename} of the workbook")
        if is_first:
            _check_start(piece, part.filename)
            is_first = False
        text = tail + piece
        end = text.rfind(cut)
        if end > 0 and cut.endswith(b">"):
            end += len(cut)
        if end <= 0:
            tail = text
            budget.limits.check("cell_characters", len(tail) // 64, f"part {part.filename}", "save the workbook again as .xlsx")
            continue
        tail = text[end:]
        yield text[:end]
    if tail:
        yield tail


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part as the packed bytes give it, in pieces. Unlike `zipfile`, it does not stop at the size that the directory claims:
    other readers do not, and what stands after it would be seen by them alone.

    Raises zlib.error and zipfile.BadZipFile.
    """
    handle = archive.fp
    if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & 1 or handle is None:
        with archive.open(part) as opened:
            while piece := opened.read(PIECE):
                yield piece
        return
    handle.seek(part.header_offset)
    header = handle.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(f"the directory of parts does not lead to {part.filename}")
    name_length, extra_length = struct.unpack("<HH", header[26:])
    start = part.header_offset + 30 + name_length + extra_length
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    position, end = start, start + part.compress_size
    while position < end and not inflate.eof:
        handle.seek(position)
        packed = handle.read(min(PACKED, end - position))
        if not packed:
            raise zipfile.BadZipFile(f"the part {part.filename} breaks off")
        position += len(packed)
        while packed and not inflate.eof:
            if piece := inflate.decompress(packed, PIECE):
                yield piece
            packed = inflate.unconsumed_tail


def _check_start(piece: bytes, name: str) -> None:
    if piece.startswith(_WIDE):
        raise UnreadableFile(f"part {name} of the workbook is not written in UTF-8: save it again as .xlsx")
    if _PROLOG_DOCTYPE.match(piece):
        raise UnreadableFile(
            f"part {name} of the workbook declares a document type, which no spreadsheet needs and which could hide entities:"
            " save it again as .xlsx"
        )
