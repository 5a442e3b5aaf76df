"""Byte mutations: flip, put, cut, double, splice, truncate; for packages also inside a part, packed again, so that what is damaged is the
XML and not only the ZIP."""

# ruff: noqa: E501  documents are written in one piece
from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Sequence

from tests.fuzz.documents import zipped

_WORDS: Sequence[bytes] = (
    b"\x00", b"\xff", b"\r", b"\n", b'"', b",", b";", b"'", b"<", b">", b"&", b"&amp;", b"&x;", b"-", b"(", b")", b"1e999", b"NaN",
    b"99999999999999999999", b"4294967295", b"2147483647", b"-1", b"65536", b"1048577", b'"1000000"', b"\xef\xbb\xbf", b"\xff\xfe",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"</row>", b"<c>", b'<c r="XFD1048576"><v>1</v></c>',
    b' table:number-columns-repeated="100000"', b' table:number-rows-repeated="100000"', b"</table:table-row>", b"{", b"}", b"[", b"]",
    b'{"amountAwarded": 1}', b"\\u0000", b"\xc2\xa3", b"\xa3", b"\x9c", b"../", b"Total", b"Date", b"Amount", b"=\"5\"", b"\xe2\x80\xa8",
)  # fmt: skip
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, NotImplementedError, RuntimeError)


def mutate(seed: bytes, pool: Sequence[bytes], chance: random.Random) -> bytes:
    """A damaged copy of `seed`; parts of other seeds of the pool may be spliced in."""
    if seed.startswith(b"PK") and chance.random() < 0.75:
        return _inside_package(seed, pool, chance)
    content = bytearray(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6, 20))):
        content = _once(content, pool, chance)
    return bytes(content)


def _once(content: bytearray, pool: Sequence[bytes], chance: random.Random) -> bytearray:
    at = chance.randrange(len(content) + 1)
    length = chance.choice((1, 1, 2, 4, 16, 100, 1000))
    how = chance.randrange(8)
    if how == 0 and content:
        content[at % len(content)] ^= 1 << chance.randrange(8)
    elif how == 1:
        content[at:at] = chance.choice(_WORDS)
    elif how == 2:
        del content[at : at + length]
    elif how == 3:
        content[at:at] = content[at : at + length] * chance.choice((1, 2, 50))
    elif how == 4:
        other = chance.choice(pool)
        start = chance.randrange(len(other) + 1)
        content[at : at + length] = other[start : start + length]
    elif how == 5 and chance.random() < 0.3:
        del content[at:]
    elif how == 6:
        content[at : at + length] = chance.randbytes(min(length, 16))
    else:
        content[at : at + 4] = chance.choice(
            (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x01")
        )
    return content


def _inside_package(seed: bytes, pool: Sequence[bytes], chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(seed)) as archive:
            parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    except _BROKEN:
        return bytes(_once(bytearray(seed), pool, chance))
    names = sorted(parts, key=lambda name: (not name.endswith(("sheet1.xml", "content.xml", ".csv", ".xlsx")), name))
    name = names[0] if chance.random() < 0.6 else chance.choice(names)
    part = parts[name]
    content = bytearray(part.encode() if isinstance(part, str) else part)
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = _once(content, pool, chance)
    how = chance.random()
    if how < 0.9:
        parts[name] = bytes(content)
    elif how < 0.95:
        del parts[name]
    else:
        parts[chance.choice(("../x.csv", "a/b.csv", "xl/workbook.xml", "C:\\x.csv", "x\x01.csv"))] = bytes(content)
    return zipped(parts, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
