"""Writing the plain lines of a large file into its file of the lake.

Belongs here: a batch in the lake's schema, with what follows from the line's place; how each column is coded and compressed. Must
not: choose lines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.bulk import columns
from ingest.bulk.numbered import numbered


@dataclass(frozen=True)
class Writing:
    """What the lines of the lake need beyond their cells: the schema, the columns that are the same on every line, the start of
    the flow id, and the financial year of each day."""

    schema: pa.Schema
    constants: dict[str, object]
    flow_prefix: str
    year_of: Callable[[date | None], str | None]


def lake_batch(typed: dict[str, pa.Array], numbers: npt.NDArray[np.int64], letter: str, writing: Writing) -> pa.RecordBatch:
    count = len(numbers)
    typed["row_number"] = pa.array(numbers, pa.int32())
    typed["cell_ref"] = numbered(letter, numbers)
    typed["flow_id"] = numbered(writing.flow_prefix + letter, numbers)
    days = typed["payment_date"]
    typed["financial_year"] = columns.looked_up(days, writing.year_of)
    typed["payment_date"] = columns.decoded(days)
    arrays: list[pa.Array] = []
    for field_ in writing.schema:
        if field_.name in typed:
            array = typed[field_.name]
        else:
            array = columns.repeated(writing.constants.get(field_.name), field_.type, count)
        arrays.append(array)
    return pa.record_batch(arrays, names=writing.schema.names)


class LakeWriter:
    """A Parquet file that takes the shape of its first batch: columns that repeat themselves are written as they are coded."""

    def __init__(self, target: Path, constants: Collection[str]) -> None:
        self.target, self.constants = target, constants
        self.writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.writer is not None:
            self.writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        if self.writer is None:
            coded = [f.name for f in batch.schema if pa.types.is_dictionary(f.type) or pa.types.is_timestamp(f.type)]
            self.writer = pq.ParquetWriter(
                self.target,
                batch.schema,
                compression=cast("str", {f.name: self._compression(f) for f in batch.schema}),
                use_dictionary=cast("bool", coded),  # a list too, whatever its stub says
                column_encoding={f.name: "DELTA_BINARY_PACKED" for f in batch.schema if _is_whole(f.type)},
                store_decimal_as_integer=True,  # pennies: half the time to write, a third to read
                write_statistics=cast("bool", ["payment_date", "row_number"]),
                store_schema=False,
                write_batch_size=1 << 16,
            )
        self.writer.write_batch(batch)

    def _compression(self, field: pa.Field) -> str:
        """What is coded, delta-coded numbers among it, gets no smaller by compressing, and takes as long. Names, of which three in
        four are others than before, take twice as long by ZSTD as by LZ4, to be a third smaller."""
        if field.name in self.constants or not pa.types.is_string(field.type):
            return "none"
        return "lz4" if field.name == "payee_name" else "zstd"


def _is_whole(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_date(kind)
