"""Delimited text (CSV and its kin) to rows. Dialect and encoding are decided by `sniff`, not here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain

from ingest.limits import DEFAULTS, Limits
from ingest.readers.cells import Sheet, UnreadableFile

_END = "\x00end of file\x00"  # fed last: a record of its own, unless a quote before it was never closed
_ADVICE = "publish the table in several files, or check that it is the table it should be"


def read_delimited(text: str, delimiter: str, limits: Limits = DEFAULTS) -> list[Sheet]:
    """One unnamed sheet. Line ends may be LF, CRLF or bare CR, mixed; quoted cells may hold line breaks. A cell that Excel wrote as
    ="00123" is the text 00123.

    Raises UnreadableFile when a quote is never closed, or closes in the middle of a cell of a later line: the lines between
    would vanish into one cell, and their money with them. Raises LimitBreached.
    """
    usual = csv.field_size_limit(limits.cell_characters)  # a setting of the whole process: put back below
    try:
        rows = _rows(text, delimiter, limits)
    finally:
        csv.field_size_limit(usual)
    if '="' in text:
        rows = [[_as_shown(cell) for cell in row] for row in rows]
    return [Sheet(None, rows)]


def _rows(text: str, delimiter: str, limits: Limits) -> list[list[object]]:
    pending: list[str] = []  # the physical lines of the record being read

    def feed() -> Iterator[str]:
        for line in chain(io.StringIO(text, newline=""), [_END]):
            pending.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter)
    rows: list[list[object]] = []
    cells = 0
    try:
        for record in reader:
            if len(pending) > 1:
                list(csv.reader(pending, delimiter=delimiter, strict=True))
            pending.clear()
            if len(record) > limits.column_count:
                limits.check("column_count", len(record), f"line {reader.line_num}", _ADVICE)
            cells += len(record)
            if cells > limits.cell_count or len(rows) > limits.row_count:
                limits.check("cell_count", cells, f"line {reader.line_num}", _ADVICE)
                limits.check("row_count", len(rows), f"line {reader.line_num}", _ADVICE)
            rows.append(list(record))
    except csv.Error as error:
        first = reader.line_num - len(pending) + 1
        if len(pending) == 1 and len(pending[0]) > limits.cell_characters and '"' not in pending[0]:
            limits.check("cell_characters", len(pending[0]), f"line {first}", _ADVICE)
        raise UnreadableFile(
            f"the record on line {first} cannot be read ({error}): check for a quotation mark that is opened and not closed"
        ) from error
    rows.pop()  # the mark of the end
    return rows


def _as_shown(cell: object) -> object:
    is_text = isinstance(cell, str) and len(cell) > 2 and cell.startswith('="') and cell.endswith('"')
    return cell[2:-1].replace('""', '"') if is_text and isinstance(cell, str) else cell
