"""Reading the records of a large text file in batches, numbered as the survey numbers them.

Belongs here: pyarrow's reader, the numbers of its records, those that it leaves out (ragged and blank ones). Must not: read a
value.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from ingest.bulk.survey import Survey
from ingest.readers.cells import Cell

BLOCK = 12 << 20  # bytes read at a time
DISTINCT_SHARE = 0.5  # a column with more distinct values than this is no dictionary


class Records:
    """Batches of raw columns with their record numbers, and the ragged records (fewer or more cells than the header) among and
    before them: number -> cells. `blanks`: the numbers of blank lines met so far."""

    def __init__(self, path: Path, survey: Survey) -> None:
        self.path, self.shape = path, survey.shape
        self._types: dict[int, pa.DataType] = dict.fromkeys(_coded_columns(survey), pa.dictionary(pa.int32(), pa.string()))
        self.last_number = survey.shape.skipped_lines
        self.blanks: list[int] = []
        self._ragged: dict[int, list[Cell]] = {}
        self._skipped: set[int] = set()

    def __iter__(self) -> Iterator[tuple[pa.RecordBatch, npt.NDArray[np.int64], dict[int, list[Cell]]]]:
        for batch in self._open():
            numbers = self._number(batch.num_rows)
            ragged = {number: self._ragged.pop(number) for number in sorted(self._ragged) if number < self.last_number}
            yield batch, numbers, ragged
        if self._skipped:
            self.last_number = max(self.last_number, *self._skipped)
        if self._ragged:
            none = pa.record_batch([pa.array([], field.type) for field in self._schema()], schema=self._schema())
            yield none, np.empty(0, dtype=np.int64), self._ragged

    def blanks_before(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.searchsorted(np.array(sorted(self.blanks), dtype=np.int64), numbers)

    def _number(self, count: int) -> npt.NDArray[np.int64]:
        """The next `count` record numbers that were not skipped."""
        numbers = np.arange(self.last_number + 1, self.last_number + 1 + count, dtype=np.int64)
        for skipped in sorted(n for n in self._skipped if n > self.last_number):
            numbers += numbers >= skipped
        if count:
            self.last_number = int(numbers[-1])
        return numbers

    def _skip(self, row: Any) -> str:
        self._skipped.add(row.number)
        if row.text == "":
            self.blanks.append(row.number)
        cells: list[list[Cell]] = [list(cells) for cells in csv.reader([row.text], delimiter=self.shape.delimiter.choice)]
        self._ragged[row.number] = cells[0] if cells else []
        return "skip"

    def _schema(self) -> pa.Schema:
        return pa.schema([(f"c{i}", self._types.get(i, pa.string())) for i in range(self.shape.column_count)])

    def _open(self) -> Any:
        return pa_csv.open_csv(
            self.path,
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=BLOCK, column_names=self._schema().names, skip_rows=self.shape.skipped_lines
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=self.shape.delimiter.choice,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._skip,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={field.name: field.type for field in self._schema()},
                strings_can_be_null=False,
                check_utf8=False,  # the survey has decoded every byte
            ),
        )


def _coded_columns(survey: Survey) -> list[int]:
    """Columns worth reading as a dictionary: the date (it is parsed by distinct value), and others to be stored that repeat
    themselves."""
    at = survey.shape.header.columns
    often = {column for column, share in enumerate(survey.distinct_shares) if share < DISTINCT_SHARE}
    return sorted((often & set(at.values()) | {at["payment_date"]}) - {at["amount_gbp"]})
