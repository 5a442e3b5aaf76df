"""Parquet, counted by DuckDB: another reader of the same pages. Row 1 is the header."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import duckdb

from ingest.rows import Segment
from ingest.tally.shape import Rows, TallyFailed

_BATCH = 4096


def parquet_sheets(content: bytes, segments: Sequence[Segment]) -> Iterator[tuple[str | None, Rows]]:
    """The one unnamed sheet; only the columns in which money stands are read, as text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        path.write_bytes(content)
        connection: Any = cast(Any, duckdb).connect(config={"threads": 1, "memory_limit": "1GB", "temp_directory": ""})
        try:
            yield None, _told(_rows(connection, path, sorted({c for s in segments for c in s.amount_columns})))
        finally:
            connection.close()


def _told(rows: Rows) -> Rows:
    """The rows; what DuckDB cannot read is said when it gets there."""
    try:
        yield from rows
    except cast(Any, duckdb).Error as error:
        words = (str(error).splitlines() or ["unknown"])[0]
        raise TallyFailed(f"the file could not be counted a second time ({words})") from error


def _rows(connection: Any, path: Path, columns: list[int]) -> Rows:
    yield 1, ["header"]
    relation = connection.read_parquet(str(path))
    names: list[str] = relation.columns
    quoted = ['"' + names[c].replace('"', '""') + '"' for c in columns if c < len(names)]
    shown = ", ".join(f"CAST({name} AS VARCHAR)" for name in quoted) or "NULL"
    found = relation.project(shown)
    number = 1
    while rows := found.fetchmany(_BATCH):
        for values in rows:
            number += 1
            listed: list[Any] = [None] * (max(columns, default=0) + 1)
            for column, value in zip(columns, values, strict=False):
                listed[column] = value
            listed[0] = listed[0] if 0 in columns else "row"
            yield number, listed
