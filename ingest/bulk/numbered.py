"""A prefix with a number behind it, for whole columns: cell references and flow ids of lines that follow one another.

Belongs here: numbers to digits, up to four at a time, out of tables. Must not: know what the texts are for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def numbered(prefix: str, numbers: npt.NDArray[np.int64]) -> pa.Array:
    """The prefix with each number behind it. The numbers are positive and ascend: those of as many digits stand together."""
    head, count = prefix.encode(), len(numbers)
    longest = len(str(numbers[-1])) if count else 0
    bounds = [0, *(int(np.searchsorted(numbers, 10**digits)) for digits in range(1, longest)), count]
    ends = np.zeros(count + 1, dtype=np.int32)
    texts = [np.empty(0, dtype=np.uint8)]
    for digits, (start, stop) in enumerate(pairwise(bounds), start=1):
        if start < stop:
            text = _repeated(head + b"0" * digits, stop - start)
            _write_digits(text, numbers[start:stop], digits, len(head) + digits)
            ends[start + 1 : stop + 1] = np.arange(1, stop - start + 1) * (len(head) + digits) + ends[start]
            texts.append(text)
    marks = texts[-1] if len(texts) == 2 else np.concatenate(texts)
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(marks))


def _repeated(row: bytes, count: int) -> npt.NDArray[np.uint8]:
    """The bytes again and again, in memory that is used again: twice as many at a time."""
    text = np.frombuffer(pa.allocate_buffer(len(row) * count), np.uint8)
    text[: len(row)] = np.frombuffer(row, np.uint8)
    done = len(row)
    while done < len(text):
        more = min(done, len(text) - done)
        text[done : done + more] = text[:more]
        done += more
    return text


def _write_digits(text: npt.NDArray[np.uint8], numbers: npt.NDArray[np.int64], digits: int, width: int) -> None:
    """Over the last so many bytes of every row of so wide a text."""
    rest = numbers.astype(np.uint32) if digits < 10 else numbers
    at = width
    for size in _sizes(digits):
        at -= size
        more = rest // rest.dtype.type(10**size)
        table = _table(size)
        np.ndarray((len(rest),), table.dtype, text.data, at, (width,))[:] = table[rest - more * rest.dtype.type(10**size)]
        rest = more


def _sizes(digits: int) -> Iterator[int]:
    """How many digits are written together, from the last: so many bytes are one number."""
    for size in (4, 2, 1):
        while digits >= size:
            digits -= size
            yield size


@lru_cache(maxsize=3)
def _table(size: int) -> npt.NDArray[np.unsignedinteger]:
    """Each number of so many digits, its digits in the bytes of one number."""
    return np.frombuffer("".join(f"{number:0{size}d}" for number in range(10**size)).encode(), f"<u{size}")
