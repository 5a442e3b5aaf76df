"""The second reading of money over whole columns: the digits of all cells are added up place by place, then weighted once.

Belongs here: pounds and pence in the forms that nearly all cells have, with a pattern for the other plain numbers. Like all of the
tally it must not import `values`, nor what the reader of large files reads amounts by (`ingest.bulk.pennies`).
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from ingest.tally.pounds import PENNY, pounds

pc: Any = pyarrow.compute  # its functions are made while it is imported
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

_SPAN = 16  # characters looked at, from the end of a cell: two words of eight
_ZEROS, _HIGH, _SIX = np.uint64(0x3030303030303030), np.uint64(0xF0F0F0F0F0F0F0F0), np.uint64(0x0606060606060606)
_KEPT = np.array([0] + [(2**64 - 1) ^ ((1 << 8 * (8 - n)) - 1) for n in range(1, 9)], dtype=np.uint64)  # the last n of eight
_BYTE = np.uint64(0xFF)
_ADDED = 28  # words added up before a byte of them may overflow: 28 nines are 252
_PLAIN = r"^-?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?$"
# where the commas stand, from the end, and how long the cell then is without its sign
_FORMS = (((), range(4, 16)), ((7,), range(8, 11)), ((7, 11), range(12, 15)))


def total_gbp(cells: pa.StringArray) -> Decimal:
    """What all cells of a column are worth in pounds, as `pounds` reads each of them. None of them may be null."""
    total, is_read = _by_places(cells)
    if is_read.all():
        return total * PENNY
    rest = cells.filter(pa.array(~is_read))
    is_plain = pc.match_substring_regex(rest, _PLAIN)
    amounts = pc.cast(pc.replace_substring(rest.filter(is_plain), ",", ""), pa.decimal128(18, 2))
    others = Counter({pair["values"]: pair["counts"] for pair in pc.value_counts(rest.filter(pc.invert(is_plain))).to_pylist()})
    worth = sum((pounds(text, 1) * count for text, count in others.items()), Decimal("0.00"))
    return total * PENNY + (pc.sum(amounts).as_py() or 0) + worth


def _by_places(cells: pa.StringArray) -> tuple[int, Mask]:
    """Pennies of all cells that are pounds and pence, with commas between thousands or none ("-1,234.50"), and which those are."""
    count = len(cells)
    _, offsets, content = cells.buffers()
    if not count or content is None:
        return 0, np.zeros(count, dtype=bool)
    stops = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + count + 1].astype(np.int64)
    marks = np.zeros(int(stops[-1] - stops[0]) + _SPAN + 1, dtype=np.uint8)  # one more: where an empty cell at the end begins
    marks[_SPAN:-1] = np.frombuffer(content, np.uint8)[stops[0] : stops[-1]]
    starts, ends = stops[:-1] - stops[0] + _SPAN, stops[1:] - stops[0] + _SPAN
    is_minus = marks[starts] == ord("-")
    length = ends - starts - is_minus
    words = np.ndarray((len(marks) - 7,), dtype="<u8", buffer=marks.data, strides=(1,))
    last, before = words[ends - 8], words[ends - 16]
    shown = np.clip(length, 0, _SPAN)
    last = _only(last, np.minimum(shown, 8))
    before = _only(before, np.maximum(shown - 8, 0))
    total, is_read = 0, np.zeros(count, dtype=bool)
    has_point, has_comma = _stands(".", 3, last), _stands(",", 7, last)
    for commas, lengths in _FORMS:
        mine = np.flatnonzero(has_point & (has_comma == bool(commas)) & (length >= lengths.start) & (length < lengths.stop))
        total += _add_up(last[mine], before[mine], is_minus[mine], commas, mine, is_read)
    return total, is_read


def _stands(mark: str, place: int, words: Words) -> Mask:
    """Whether this mark stands at a place from the end, in the word that holds the place."""
    return (words >> np.uint64(8 * (-place % 8))) & _BYTE == ord(mark)


def _only(words: Words, kept: npt.NDArray[np.int64]) -> Words:
    """Only the last so many characters, zeros before them."""
    mask = _KEPT[kept]
    return (words & mask) | (_ZEROS & ~mask)


def _add_up(last: Words, before: Words, is_minus: Mask, commas: tuple[int, ...], rows: npt.NDArray[np.int64], is_read: Mask) -> int:
    """Pennies of cells with commas at these places from the end; marks those that were digits everywhere else."""
    good = np.ones(len(rows), dtype=bool)
    for mark, place in ((".", 3), *((",", place) for place in commas)):  # each becomes a zero; another mark there would not
        zero = np.uint64((ord(mark) ^ ord("0")) << 8 * (-place % 8))
        if place <= 8:
            good &= _stands(mark, place, last)
            last = last ^ zero
        else:
            good &= _stands(mark, place, before)
            before = before ^ zero
    good &= _are_digits(last) & _are_digits(before)
    is_read[rows[good]] = True
    places = [place for place in range(1, _SPAN + 1) if place != 3 and place not in commas]
    pennies = 0
    for sign, chosen in ((1, good & ~is_minus), (-1, good & is_minus)):
        sums = np.concatenate([_sums(before[chosen]), _sums(last[chosen])])[::-1].tolist()
        pennies += sign * sum(sums[place - 1] * 10**power for power, place in enumerate(places))
    return pennies


def _are_digits(words: Words) -> Mask:
    return (words & _HIGH == _ZEROS) & ((words + _SIX) & _HIGH == _ZEROS)


def _sums(words: Words) -> npt.NDArray[np.int64]:
    """The sum of the digits in each of the eight places."""
    digits = np.zeros(-(-len(words) // _ADDED) * _ADDED, dtype="<u8")
    digits[: len(words)] = words - _ZEROS
    return digits.reshape(-1, _ADDED).sum(axis=1, dtype="<u8").view(np.uint8).reshape(-1, 8).sum(axis=0, dtype=np.int64)
