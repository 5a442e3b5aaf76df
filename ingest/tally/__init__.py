"""The independent tally: a file's rows and money counted a second way, so that the ledger's gate can fail.

Belongs here: a second tokeniser for each format and a second reading of numbers. Must not import the readers or `values`: told
only where the money stands (segments), it counts for itself. Text character by character, XLSX and ODS from their XML by expat,
XLS by xlrd, JSON by a tokeniser of its own, Parquet by DuckDB. Large text files are counted by DuckDB (`ingest.bulk.survey`), their
money column by column (`places`).
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from xml.parsers.expat import ExpatError

from ingest.rows import Segment
from ingest.tally.json_text import json_sheets
from ingest.tally.ods import ods_sheets
from ingest.tally.parquet import parquet_sheets
from ingest.tally.pounds import pounds
from ingest.tally.shape import Rows, Tally, TallyFailed
from ingest.tally.text import text_sheets
from ingest.tally.xls import xls_sheets
from ingest.tally.xlsx import xlsx_sheets

__all__ = ["Tally", "TallyFailed", "take_tally"]

_BROKEN = (
    *(ExpatError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RecursionError),
    *(LookupError, ValueError, ArithmeticError, NotImplementedError, RuntimeError),
)
_EVERY_LINE = frozenset(("text", "json", "parquet"))  # a blank row at the end is a row of the file too


def take_tally(
    content: bytes, content_type: str, segments: Sequence[Segment], encoding: str = "utf-8", delimiter: str = ","
) -> Tally:
    """Count rows of every sheet, and money where the segments say it stands.

    Raises TallyFailed when the file cannot be counted this second way.
    """
    tally = Tally()
    try:
        for name, rows in _sheets(content, content_type, segments, tally, encoding, delimiter):
            _count(tally, name, rows, segments, content_type in _EVERY_LINE)
    except TallyFailed:
        raise
    except _BROKEN as error:
        raise TallyFailed(f"the file could not be counted a second time ({error})") from error
    return tally


def _sheets(
    content: bytes, content_type: str, segments: Sequence[Segment], tally: Tally, encoding: str, delimiter: str
) -> Iterator[tuple[str | None, Rows]]:
    if content_type == "text":
        return text_sheets(content, encoding, delimiter)
    if content_type == "xlsx":
        return xlsx_sheets(content, tally)
    if content_type == "xls":
        return xls_sheets(content, tally)
    if content_type == "ods":
        return ods_sheets(content, tally)
    if content_type == "json":
        return json_sheets(content)
    if content_type == "parquet":
        return parquet_sheets(content, segments)
    raise TallyFailed(f"no second count for {content_type}")


def _count(tally: Tally, name: str | None, rows: Rows, segments: Sequence[Segment], every_line: bool) -> None:
    if name in tally.row_counts:
        raise TallyFailed(f"two sheets are named '{name}'")
    wanted = [s for s in segments if s.sheet_name == name]
    tally.row_counts[name] = 0
    for number, cells in rows:
        if every_line or any(value not in (None, "") for value in cells):
            tally.row_counts[name] = number
        total = Decimal("0.00")
        for segment in wanted:
            if segment.first_row <= number <= segment.last_row:
                for column in segment.amount_columns:
                    if column < len(cells):
                        total += pounds(cells[column], segment.unit_gbp)
        if total:
            tally.row_gbp[(name, number)] = total
