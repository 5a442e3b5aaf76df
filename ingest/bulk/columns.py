"""Cells to values over whole columns, each distinct or odd value by the parser that every other file goes through.

Belongs here: pyarrow arrays in, pyarrow arrays out. Must not: decide what a value means otherwise than `ingest.values` does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.bulk.compute import pc
from ingest.bulk.pennies import decimals, read_pennies
from ingest.values.dates import Order, parse_date
from ingest.values.money import parse_money
from ingest.values.text import cell_text

MONEY = pa.decimal128(18, 2)
PLAIN_MONEY = r"^-?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?$"
_date = lru_cache(maxsize=1 << 14)(parse_date)  # the same cells come again in every block of a file
_tidied = lru_cache(maxsize=1 << 17)(cell_text)
_TWO_BLANKS = 0x2020
_PIECE = 1 << 18  # bytes looked at together: few enough for no new pages of memory
_BLANK, _DELETE = 0x20, 0x7F  # below the one and from the other on: controls, or the bytes of other alphabets


def plain_money(column: pa.Array) -> pa.Array:
    """Amounts of cells written as plain numbers ("1234.50", "-12", "1,234"); null for every other cell, blank or not."""
    pennies, is_read = read_pennies(column)
    amounts = decimals(pennies, is_read, MONEY)
    if is_read.all():
        return amounts
    unread = pa.array(~is_read)
    return pc.replace_with_mask(amounts, unread, _by_pattern(column.filter(unread)))


def _by_pattern(column: pa.Array) -> pa.Array:
    plain = pc.if_else(pc.match_substring_regex(column, PLAIN_MONEY), column, pa.scalar(None, pa.string()))
    return pc.cast(pc.replace_substring(plain, ",", ""), MONEY)


def money(column: pa.Array) -> pa.Array:
    """Amounts of a column that may stay blank: plain numbers at once, the rest by `parse_money`, null where there is none."""
    plain = plain_money(column)
    if plain.null_count == 0:
        return plain
    parsed = [m.amount_gbp if (m := parse_money(cell)) else None for cell in column.filter(pc.is_null(plain)).to_pylist()]
    return pc.replace_with_mask(plain, pc.is_null(plain), pa.array(parsed, MONEY))


def text(column: pa.Array) -> pa.Array:
    """Cells as `cell_text` gives them. A dictionary column stays one."""
    if isinstance(column, pa.DictionaryArray):
        return _with_values(column, text(column.dictionary))
    untidy = _may_be_untidy(column)
    if untidy.any():
        mask = pa.array(untidy)
        column = pc.replace_with_mask(column, mask, _tidy(column.filter(mask)))
    blank = pc.equal(column, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), column) if pc.any(blank).as_py() else column


def _tidy(column: pa.Array) -> pa.Array:
    """Cells as `cell_text` gives them, "" for None: nearly all are plain ASCII with a blank too many."""
    is_plain = pc.ascii_is_printable(column)
    if not pc.all(is_plain).as_py():
        others = pc.invert(is_plain)
        tidied = pa.array([_tidied(cell) or "" for cell in column.filter(others).to_pylist()], pa.string())
        return pc.replace_with_mask(_without_blanks(column), others, tidied)
    return _without_blanks(column)


def _without_blanks(column: pa.Array) -> pa.Array:
    """No blank doubled, none at an end."""
    while pc.any(pc.match_substring(column, "  ")).as_py():
        column = pc.replace_substring(column, "  ", " ")
    return pc.ascii_trim(column, characters=" ")


def _may_be_untidy(column: pa.StringArray) -> npt.NDArray[np.bool_]:
    """False for a cell that `cell_text` surely leaves as it is: plain ASCII, no blank at an end, none doubled. Told from the bytes
    of all cells at once, in a fraction of the time that a pattern takes."""
    untidy = np.zeros(len(column), dtype=bool)
    _, offsets, cells = column.buffers()
    if not len(column) or cells is None:
        return untidy
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    marks = np.frombuffer(cells, np.uint8)[ends[0] : ends[-1]]
    if not len(marks):
        return untidy
    starts, stops = ends[:-1] - ends[0], ends[1:] - ends[0]
    untidy[np.searchsorted(stops, _odd_marks(marks), side="right")] = True
    last = len(marks) - 1
    padded = (marks[np.minimum(starts, last)] == _BLANK) | (marks[stops - 1] == _BLANK)  # of an empty cell this says nothing
    return untidy | (padded & (stops > starts))


def _odd_marks(marks: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Where bytes stand that are no plain ASCII, or are blanks after a blank."""
    found: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(marks), _PIECE):
        piece = marks[start : start + _PIECE + 1]  # and the first of the next, which may be the second blank of two
        odd = piece - np.uint8(_BLANK) >= _DELETE - _BLANK  # what is less wraps round, beyond the letters
        if odd.any():
            found.append(np.flatnonzero(odd) + start)
        for at in (0, 1):  # pairs of bytes, told as one number
            is_pair = piece[at : at + (len(piece) - at) // 2 * 2].view(np.uint16) == _TWO_BLANKS
            if is_pair.any():
                found.append(np.flatnonzero(is_pair) * 2 + (at + 1 + start))
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def coded_dates(column: pa.DictionaryArray, order: Order) -> pa.DictionaryArray:
    """Dates in the column's one order, null where there is none."""
    return by_value(column, lambda cell: _date(cell, order), pa.date32())


def looked_up(days: pa.DictionaryArray, function: Callable[[date | None], str | None]) -> pa.DictionaryArray:
    """A function of each day, of none too; each of its values once in the dictionary."""
    values = [function(day) for day in (*days.dictionary.to_pylist(), None)]
    known = sorted({value for value in values if value is not None})
    code_of = {value: code for code, value in enumerate(known)}
    indices = np.array([code_of.get(value, -1) if value is not None else -1 for value in values], dtype=np.int32)[codes_of(days)]
    blank = indices < 0
    codes = pa.array(indices, mask=blank) if blank.any() else pa.array(indices)
    return pa.DictionaryArray.from_arrays(codes, pa.array(known, pa.string()), safe=False)


def codes_of(column: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """The place of each row's value in the dictionary; of a blank, -1, which in numpy is the last."""
    indices = column.indices.fill_null(-1) if column.indices.null_count else column.indices
    return indices.to_numpy()


def by_value(column: pa.DictionaryArray, function: Callable[[Any], Any], kind: pa.DataType) -> pa.DictionaryArray:
    """A function of the cell, called once for each distinct value."""
    values = pa.array([function(value) for value in column.dictionary.to_pylist()], kind)
    return _with_values(column, values)


def _with_values(column: pa.DictionaryArray, values: pa.Array) -> pa.DictionaryArray:
    """The column with other values. A null belongs to the rows, not to the dictionary: Parquet cannot write it there."""
    indices = column.indices
    if values.null_count:
        indices = pc.if_else(values.is_null().take(indices), pa.scalar(None, indices.type), indices)
        values = values.fill_null("") if pa.types.is_string(values.type) else values
    return pa.DictionaryArray.from_arrays(indices, values, safe=False)  # the indices are those of a column that is one


def decoded(column: pa.DictionaryArray) -> pa.Array:
    return column.dictionary.take(column.indices)


def repeated(value: object, kind: pa.DataType, count: int) -> pa.Array:
    """One value in every row."""
    if value is None or not pa.types.is_string(kind):
        return pa.repeat(pa.scalar(value, kind), count)
    return pa.DictionaryArray.from_arrays(_zeros(1 << count.bit_length())[:count], pa.array([value], kind), safe=False)


@lru_cache(maxsize=4)  # blocks of a file have nearly all as many lines
def _zeros(count: int) -> pa.Array:
    return pa.array(np.zeros(count, dtype=np.int32))
