"""Parquet files of one schema as one file, without reading a value: their data copied, their footers put together.

Belongs here: the footer of a Parquet file (Thrift, compact protocol) as far as moving its data needs it. Must not: know what the
files hold.

A file is data, then a footer that says where in the file each column of each group of rows begins. Moved data are told by moving
every such place; what the writer said beside (encodings, statistics, filters) holds as it is.
https://parquet.apache.org/docs/file-format/metadata/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

_MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_NUMBERS = (4, 5, 6)  # 16, 32 and 64 bits, all written alike
_SCHEMA, _ROWS, _GROUPS, _WORDS = 2, 3, 4, 5  # fields of the footer
_Struct = dict[int, tuple[int, Any]]  # field number -> type and value, in the order in which they stand


def join_parquet(parts: Sequence[Path], target: Path, words: Mapping[str, str]) -> int:
    """Write the rows of `parts`, in their order, into `target`, with `words` as its key-value metadata; returns how many rows.

    Raises ValueError where a part is no Parquet file, or has other columns than the first.
    """
    footer: _Struct = {}
    groups: list[_Struct] = []
    rows = 0
    with target.open("wb") as out:
        out.write(_MAGIC)
        for part in parts:
            with part.open("rb") as handle:
                mine, end = _footer(handle, part)
                if footer and mine[_SCHEMA] != footer[_SCHEMA]:
                    raise ValueError(f"{part.name} has other columns than {parts[0].name}")
                footer = footer or mine
                shift = out.tell() - len(_MAGIC)
                handle.seek(len(_MAGIC))
                _copy(handle, out, end - len(_MAGIC))
            rows += mine[_ROWS][1]
            for group in mine[_GROUPS][1][1]:
                _move(group, shift)
                if 7 in group:
                    group[7] = (group[7][0], len(groups))  # its place among all
                groups.append(group)
        if not footer:
            raise ValueError("there is nothing to join")
        said: list[_Struct] = [{1: (_BINARY, name.encode()), 2: (_BINARY, text.encode())} for name, text in words.items()]
        footer |= {_ROWS: (6, rows), _GROUPS: (_LIST, (_STRUCT, groups)), _WORDS: (_LIST, (_STRUCT, said))}
        content = bytearray()
        _write_struct(content, footer)
        out.write(content + len(content).to_bytes(4, "little") + _MAGIC)
    return rows


def _copy(handle: BinaryIO, out: BinaryIO, length: int) -> None:
    while length:
        piece = handle.read(min(length, 1 << 22))
        if not piece:
            raise ValueError("the file ends before its footer")
        out.write(piece)
        length -= len(piece)


def _move(group: _Struct, shift: int) -> None:
    """Add `shift` to every place in the file that a group of rows names; 0 names none."""

    def moved(struct: _Struct, *fields: int) -> None:
        for field in fields:
            if field in struct and struct[field][1]:
                struct[field] = (struct[field][0], struct[field][1] + shift)

    moved(group, 5)
    for column in group[1][1][1]:
        moved(column, 2, 4, 6)  # the chunk, and its indexes
        moved(column[3][1], 9, 10, 11, 14)  # its pages, its dictionary, its filter


def _footer(handle: BinaryIO, path: Path) -> tuple[_Struct, int]:
    """The footer, and where the data before it end."""
    size = handle.seek(0, 2)
    if size < 12:
        raise ValueError(f"{path.name} is no Parquet file")
    handle.seek(size - 8)
    tail = handle.read(8)
    end = size - 8 - int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or end < len(_MAGIC):
        raise ValueError(f"{path.name} is no Parquet file")
    handle.seek(end)
    return _Reader(handle.read(size - 8 - end)).struct(), end


class _Reader:
    """Reads Thrift's compact protocol from bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.content[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _number(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def struct(self) -> _Struct:
        fields: _Struct = {}
        field = 0
        while header := self.content[self.at]:
            self.at += 1
            kind = header & 0x0F
            field = field + (header >> 4) if header >> 4 else self._number()
            fields[field] = (kind, kind == _TRUE if kind in (_TRUE, _FALSE) else self._value(kind))
        self.at += 1
        return fields

    def _value(self, kind: int) -> Any:
        if kind in _NUMBERS:
            return self._number()
        if kind == _BINARY:
            length = self._varint()
            self.at += length
            return self.content[self.at - length : self.at]
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            header = self.content[self.at]
            self.at += 1
            count = header >> 4 if header >> 4 < 15 else self._varint()
            inner = header & 0x0F
            return inner, [self._value(inner) for _ in range(count)]
        if kind in (_TRUE, _FALSE, _BYTE, _DOUBLE):  # inside a list a truth is a byte
            length = 8 if kind == _DOUBLE else 1
            self.at += length
            return self.content[self.at - length : self.at]
        raise ValueError(f"a footer holds a field of type {kind}")


def _write_varint(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _write_number(out: bytearray, value: int) -> None:
    _write_varint(out, value << 1 if value >= 0 else (-value << 1) - 1)


def _write_struct(out: bytearray, fields: _Struct) -> None:
    before = 0
    for field, (kind, value) in sorted(fields.items()):
        if kind in (_TRUE, _FALSE):
            kind = _TRUE if value else _FALSE
        if 0 < field - before < 16:
            out.append((field - before) << 4 | kind)
        else:
            out.append(kind)
            _write_number(out, field)
        before = field
        if kind not in (_TRUE, _FALSE):
            _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in _NUMBERS:
        _write_number(out, value)
    elif kind == _BINARY:
        _write_varint(out, len(value))
        out += value
    elif kind == _STRUCT:
        _write_struct(out, value)
    elif kind in (_LIST, _SET):
        inner, values = value
        out.append((len(values) if len(values) < 15 else 15) << 4 | inner)
        if len(values) >= 15:
            _write_varint(out, len(values))
        for one in values:
            _write_value(out, inner, one)
    else:
        out += value
