"""Delimited text (CSV and its kin) to rows. Dialect and encoding are decided by `sniff`, not here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain

from ingest.readers.cells import Sheet, UnreadableFile

CELL_LIMIT = 1_000_000  # characters: a longer cell is an unclosed quote, not a value
_END = "\x00end of file\x00"  # fed last: a record of its own, unless a quote before it was never closed


def read_delimited(text: str, delimiter: str) -> list[Sheet]:
    """One unnamed sheet. Line ends may be LF, CRLF or bare CR, mixed; quoted cells may hold line breaks.

    Raises UnreadableFile when a quote is never closed, or closes in the middle of a cell of a later line: the lines between
    would vanish into one cell, and their money with them.
    """
    csv.field_size_limit(CELL_LIMIT)
    pending: list[str] = []  # the physical lines of the record being read

    def feed() -> Iterator[str]:
        for line in chain(io.StringIO(text, newline=""), [_END]):
            pending.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter)
    rows: list[list[object]] = []
    try:
        for record in reader:
            if len(pending) > 1:
                list(csv.reader(pending, delimiter=delimiter, strict=True))
            pending.clear()
            rows.append(list(record))
    except csv.Error as error:
        first = reader.line_num - len(pending) + 1
        raise UnreadableFile(
            f"the record on line {first} cannot be read ({error}): check for a quotation mark that is opened and not closed"
        ) from error
    return [Sheet(None, rows[:-1])]
