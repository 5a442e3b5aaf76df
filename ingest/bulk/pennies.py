"""Amounts of whole columns, eight digits at a time: the forms that nearly all cells have, told and read from their bytes.

Belongs here: "1234.50", "-12.00", "1,234.50". Must not: guess at any other form (`columns` asks a pattern, then the parser of all).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_BEFORE = 12  # bytes looked at from the end of a cell: at most eight digits, the point, two digits, and what is before them
_ZEROS = np.uint64(0x3030303030303030)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIX = np.uint64(0x0606060606060606)
# by the count of digits before the point: the last so many of eight bytes (the first character lies lowest), and zeros in the rest
_KEPT = np.array([0] + [(2**64 - 1) ^ ((1 << 8 * (8 - n)) - 1) for n in range(1, 9)], dtype=np.uint64)
_REST = ~_KEPT & _ZEROS


def read_pennies(column: pa.StringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Pennies of each cell, and whether it could be read: at most eight digits before the point, two behind it, one comma between
    thousands or none. Pennies are 0 where it could not."""
    count = len(column)
    _, offsets, cells = column.buffers()
    if not count or cells is None:
        return np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)
    stops = np.frombuffer(offsets, np.int32)[column.offset : column.offset + count + 1].astype(np.int64)
    first = stops[0]
    marks = np.zeros(int(stops[-1] - first) + _BEFORE, dtype=np.uint8)
    marks[_BEFORE:] = np.frombuffer(cells, np.uint8)[first : stops[-1]]
    starts, ends = stops[:-1] - first + _BEFORE, stops[1:] - first + _BEFORE
    words = np.ndarray((len(marks) - 7,), dtype="<u8", buffer=marks.data, strides=(1,))
    whole = words[ends - 11]  # the eight bytes before the point
    is_minus = marks[np.minimum(starts, len(marks) - 1)] == ord("-")
    length = ends - starts - 3 - is_minus
    # "ddd,ddd.dd": the digits before the comma move up by one byte
    has_comma = ((whole >> np.uint64(32)) & np.uint64(0xFF) == ord(",")) & (length >= 5) & (length <= 7)
    moved = (whole & np.uint64(0xFFFFFF0000000000)) | ((whole & np.uint64(0xFFFFFFFF)) << np.uint64(8))
    whole = np.where(has_comma, moved, whole)
    length = length - has_comma
    is_read = (length >= 1) & (length <= 8) & (marks[ends - 3] == ord("."))
    digits = np.where(is_read, length, 0)
    whole = (whole & _KEPT[digits]) | _REST[digits]
    is_read &= (whole & _HIGH == _ZEROS) & ((whole + _SIX) & _HIGH == _ZEROS)
    tens, ones = marks[ends - 2] - np.uint8(48), marks[ends - 1] - np.uint8(48)  # what is no digit wraps round, beyond 9
    is_read &= (tens < 10) & (ones < 10)
    pennies = _number(whole) * 100 + tens * np.int64(10) + ones
    return np.where(is_read, np.where(is_minus, -pennies, pennies), 0), is_read


def _number(digits: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Eight digits as a number: two, four, then eight of them at a time."""
    pairs = digits - _ZEROS
    pairs = (pairs * np.uint64(10) + (pairs >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    fours = (pairs * np.uint64(100) + (pairs >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    return ((fours * np.uint64(10_000) + (fours >> np.uint64(32))) & np.uint64(0xFFFFFFFF)).astype(np.int64)


def decimals(pennies: npt.NDArray[np.int64], is_valid: npt.NDArray[np.bool_], kind: pa.DataType) -> pa.Array:
    """DECIMAL(18,2) of pennies, null where not valid."""
    words = np.empty((len(pennies), 2), dtype="<i8")
    words[:, 0] = pennies
    words[:, 1] = pennies >> 63
    bits = None if is_valid.all() else pa.py_buffer(np.packbits(is_valid, bitorder="little"))
    return pa.Array.from_buffers(kind, len(pennies), [bits, pa.py_buffer(words)])
