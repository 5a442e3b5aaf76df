"""The second pass over a large text file: plain lines to Parquet, all others to the line-by-line code.

Belongs here: telling the two apart, and writing the plain ones. Must not: judge (the sieve is the caller's).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ingest.bulk import NotRegular, columns
from ingest.bulk.broken import BrokenLines, Telling
from ingest.bulk.numbered import numbered
from ingest.bulk.survey import Shape, Survey
from ingest.headers import Synonyms
from ingest.kinds import Kind
from ingest.readers.cells import Cell, column_letter
from ingest.rows import OddLine, PlainLines
from ingest.values.dates import Order

BLOCK = 12 << 20  # bytes read at a time
DISTINCT_SHARE = 0.5  # a column with more distinct values than this is no dictionary
MOST_ODD = 500_000  # lines of one file that are not plain: each is held in memory

# Whether a line is plain: amount, date, payee and "equals an earlier line", by row, to True where no rule is broken.
Sieve = Callable[["Candidates"], npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Candidates:
    """Typed columns of some lines, all of the same length, for the sieve. `amount` in pounds, NaN where none could be read."""

    amount: npt.NDArray[np.float64]
    payment_date: pa.DictionaryArray
    payee_name: pa.Array
    is_repeated: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Writing:
    """What the lines of the lake need beyond their cells: the schema, the columns that are the same on every line, the start of
    the flow id, and the financial year of each day."""

    schema: pa.Schema
    constants: dict[str, object]
    flow_prefix: str
    year_of: Callable[[date | None], str | None]


@dataclass(frozen=True)
class Split:
    """The lines of a file: the plain ones, as written; those that break a rule and are lines for sure; all other records."""

    plain: PlainLines
    broken: list[BrokenLines]
    odd: list[OddLine]


def split_lines(path: Path, survey: Survey, kind: Kind, synonyms: Synonyms, sieve: Sieve, writing: Writing, target: Path) -> Split:
    """Write the plain lines to `target`, give the others. Raises NotRegular when it finds other records than the survey."""
    order = survey.order
    plain = PlainLines(target)
    odd: list[OddLine] = []
    broken: list[BrokenLines] = []
    telling = Telling(survey.shape, kind, synonyms, order)
    years: dict[str | None, int] = {}
    letter = column_letter(survey.shape.header.columns["amount_gbp"])
    repeats = _Repeats(survey)
    records = _Records(path, survey)
    held = 0  # lines in memory
    since = lines_since = 0  # pennies and number of plain lines since the last odd one
    with _Writer(target, writing.constants) as writer:
        for raw, numbers, ragged in records:
            positions = numbers - survey.shape.skipped_lines - 1 - records.blanks_before(numbers)
            judged = _judged(raw, survey.shape, order)
            is_repeated = repeats.among(raw, positions)
            amounts = judged["amount_gbp"]
            has_amount, pennies = _valid(amounts), _pennies(amounts)
            pounds = np.where(has_amount, pennies / 100, np.nan)  # what 15 digits are as a floating number, exactly as near
            keep = sieve(Candidates(pounds, judged["payment_date"], judged["payee_name"], is_repeated)) & has_amount
            pennies *= keep
            where = np.flatnonzero(~keep)
            cells = [_decoded(column.take(pa.array(where))) for column in raw.columns]
            is_line, lines = telling.among(cells, amounts.take(pa.array(where)), numbers[where], is_repeated[where])
            broken.append(lines)
            # what a total below may add up: of every record that is known to be a line, plain or not
            value, counted = pennies.copy(), keep.copy()
            value[where[is_line]], counted[where[is_line]] = _pennies(lines.amounts), _valid(lines.amounts)
            running, counts = np.concatenate([[0], np.cumsum(value)]), np.concatenate([[0], np.cumsum(counted)])
            rest = where[~is_line]
            found = list(zip(numbers[rest].tolist(), rest.tolist(), _cells(raw, rest), is_repeated[rest].tolist(), strict=True))
            found += [
                (number, int(np.searchsorted(numbers, number)), ragged_cells, False) for number, ragged_cells in ragged.items()
            ]
            taken = lines_taken = 0
            for number, at, cells_of, repeats_one in sorted(found, key=itemgetter(0)):
                between = Decimal(since + int(running[at]) - taken) / 100
                odd.append(OddLine(number, list(cells_of), repeats_one, lines_since + int(counts[at]) - lines_taken, between))
                taken, lines_taken, since, lines_since = int(running[at]), int(counts[at]), 0, 0
            since, lines_since = since + int(running[-1]) - taken, lines_since + int(counts[-1]) - lines_taken
            held += len(where) + len(ragged)
            if held > MOST_ODD:
                raise NotRegular(f"more than {MOST_ODD:,} of its lines are not plain or break a rule")
            typed = _typed(raw, judged, keep, survey.shape, kind, order)
            writer.write(_lake_batch(typed, numbers[keep], letter, writing))
            plain.count += int(keep.sum())
            _add_up(years, pennies[keep], typed["financial_year"])
    plain.gbp_by_year = {year: Decimal(value) / 100 for year, value in sorted(years.items(), key=str)}
    plain.gbp = sum(plain.gbp_by_year.values(), Decimal("0.00"))
    if (records.last_number, len(records.blanks)) != (survey.tally.row_count, survey.shape.blank_lines):
        raise NotRegular(f"one reader finds {records.last_number:,} records in it, the other {survey.tally.row_count:,}")
    return Split(plain, broken, odd)


class _Repeats:
    """Which records equal an earlier one, told by their cells among those that the survey found alike."""

    def __init__(self, survey: Survey) -> None:
        self._alike = np.zeros(survey.tally.row_count + 1, dtype=bool)
        self._alike[survey.alike] = True
        self._seen: set[int] = set()

    def among(self, raw: pa.RecordBatch, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """`positions`: of the records of `raw` among all below the header. To be asked in the order of the file."""
        repeated = np.zeros(raw.num_rows, dtype=bool)
        rows = np.flatnonzero(self._alike[positions])
        for row, cells in zip(rows.tolist(), _cells(raw, rows), strict=True):
            mark = hash(cells)
            repeated[row] = mark in self._seen
            self._seen.add(mark)
        return repeated


def _cells(raw: pa.RecordBatch, rows: npt.NDArray[np.int64]) -> list[tuple[Cell, ...]]:
    """The cells of some rows."""
    taken = pa.array(rows)
    return list(zip(*(_texts(column.take(taken)) for column in raw.columns), strict=True))


def _decoded(column: pa.Array) -> pa.Array:
    return columns.decoded(column) if isinstance(column, pa.DictionaryArray) else column


def _texts(column: pa.Array) -> list[str | None]:
    """A column of cells as a list: by way of numpy, which makes one in a third of the time."""
    return _decoded(column).to_numpy(zero_copy_only=False).tolist()


class _Records:
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


def _judged(raw: pa.RecordBatch, shape: Shape, order: Order) -> dict[str, pa.Array]:
    """The columns that tell which lines are plain. Dates stay coded: what follows of them is asked once for each."""
    at = shape.header.columns
    return {
        "amount_gbp": columns.plain_money(raw.column(at["amount_gbp"])),
        "payment_date": columns.coded_dates(raw.column(at["payment_date"]), order),
        "payee_name": columns.text(raw.column(at["payee_name"])),
    }


def _typed(
    raw: pa.RecordBatch, judged: dict[str, pa.Array], keep: npt.NDArray[np.bool_], shape: Shape, kind: Kind, order: Order
) -> dict[str, pa.Array]:
    """All columns of the lines that are kept."""
    is_kept = None if keep.all() else pa.array(keep)
    typed: dict[str, pa.Array] = {}
    for name, column in shape.header.columns.items():
        cells = judged[name] if name in judged else raw.column(column)
        if is_kept is not None:
            cells = cells.filter(is_kept)
        kind_of_field = kind.field(name).type
        if name in judged:
            typed[name] = cells
        elif kind_of_field == "money":
            typed[name] = columns.money(cells if not isinstance(cells, pa.DictionaryArray) else columns.decoded(cells))
        elif kind_of_field == "date":
            typed[name] = columns.decoded(columns.coded_dates(cells, order))
        else:
            typed[name] = columns.text(cells)
    return typed


def _pennies(amounts: pa.Array) -> npt.NDArray[np.int64]:
    """Unscaled values of a DECIMAL(18,2) column; 0 where null. Plain amounts have at most 15 digits: the low word holds them."""
    words = np.frombuffer(amounts.buffers()[1], dtype="<i8")[2 * amounts.offset : 2 * (amounts.offset + len(amounts)) : 2]
    return words * _valid(amounts)


def _valid(column: pa.Array) -> npt.NDArray[np.bool_]:
    return column.is_valid().to_numpy(zero_copy_only=False)


def _lake_batch(typed: dict[str, pa.Array], numbers: npt.NDArray[np.int64], letter: str, writing: Writing) -> pa.RecordBatch:
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


def _add_up(years: dict[str | None, int], pennies: npt.NDArray[np.int64], financial_year: pa.DictionaryArray) -> None:
    codes = columns.codes_of(financial_year)
    for code, name in enumerate([*financial_year.dictionary.to_pylist(), None]):
        mine = codes == (code if name is not None else -1)
        if mine.any():
            years[name] = years.get(name, 0) + int(pennies[mine].sum())


class _Writer:
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
