"""Delimited text (CSV and its kin) to rows. Dialect and encoding are decided by `sniff`, not here."""

from __future__ import annotations

import csv
import io

from ingest.readers.cells import Sheet, UnreadableFile

CELL_LIMIT = 1_000_000  # characters: a longer cell is an unclosed quote, not a value


def read_delimited(text: str, delimiter: str) -> list[Sheet]:
    """One unnamed sheet. Line ends may be LF, CRLF or bare CR, mixed; quoted cells may hold line breaks.

    Raises UnreadableFile when a quote is never closed.
    """
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[object]] = []
    try:
        for record in reader:
            rows.append(list(record))
    except csv.Error as error:
        raise UnreadableFile(
            f"line {reader.line_num} cannot be read ({error}): check for a quotation mark that is opened and not closed"
        ) from error
    return [Sheet(None, rows)]
