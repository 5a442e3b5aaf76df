"""Parquet to rows, batch by batch, by pyarrow. Row 1 is the header (the names of the columns); row n of the table is row n + 1."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.limits import DEFAULTS, Limits
from ingest.readers.cells import Cell, Sheet, UnreadableFile

_BATCH = 512  # rows: what one batch may swell to is held beside the rows
_ADVICE = "publish the table in several files"
_BROKEN = (pa.ArrowException, OSError, ValueError, LookupError, TypeError, OverflowError, RuntimeError, ArithmeticError)


def read_parquet(content: bytes, limits: Limits = DEFAULTS) -> list[Sheet]:
    """One unnamed sheet. Decimals keep their digits as text; lists and structures are JSON text; bytes are hexadecimal.

    Raises UnreadableFile for a broken or encrypted file, LimitBreached.
    """
    try:
        file: Any = cast(Any, pq).ParquetFile(io.BytesIO(content), memory_map=False)
        names = [str(name) for name in file.schema_arrow.names]
        count = int(file.metadata.num_rows)
        limits.check("column_count", len(names), "the file", _ADVICE)
        limits.check("row_count", count, "the file", _ADVICE)
        limits.check("cell_count", (count + 1) * len(names), "the file", _ADVICE)
        rows: list[list[Cell]] = [list(names)]
        unpacked = 0
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            unpacked += int(batch.nbytes)
            limits.check("unpacked_bytes", unpacked, f"row {len(rows):,}", _ADVICE)
            columns = [[_cell(value) for value in column.to_pylist()] for column in batch.columns]
            rows += [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(batch.num_rows)]
    except _BROKEN as error:
        if type(error).__name__ == "LimitBreached":
            raise
        words = str(error).split("\n")[0][:200]
        raise UnreadableFile(f"the Parquet file cannot be read ({words}): write it again, or save it as CSV") from error
    return [Sheet(None, rows)]


def _cell(value: object) -> Cell:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=str, ensure_ascii=False)
    return value
