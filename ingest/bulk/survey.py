"""The first pass over a large text file: is it regular, what stands where, and the independent tally.

Belongs here: decisions about the whole file, each by counting. The rows counted here by DuckDB's reader and the money added up of
its cells (`ingest.tally.places`) are the tally that the second pass (pyarrow's reader) is held against. Must not: keep lines.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest import sniff
from ingest.bulk import NotRegular
from ingest.bulk.compute import pc
from ingest.bulk.counter import cursor
from ingest.headers import Header, Synonyms, as_header
from ingest.kinds import Kind
from ingest.limits import LimitBreached
from ingest.readers import UnreadableFile, read_delimited
from ingest.readers.cells import Cell, Sheet
from ingest.tally import Tally
from ingest.tally.places import total_gbp
from ingest.values.dates import Order
from ingest.values.money import parse_money

HEAD = 1 << 16  # bytes looked at for dialect and header
CHUNK = 1 << 18  # bytes looked at together: few enough to stay near the processor
LONGEST = 1 << 22  # bytes of one line
SAMPLE = 1 << 17  # bytes that tell what the columns are like
TELLING = 3  # columns that, with the amount, tell most records apart
NEARLY_ALL = 0.99  # of its cells are others than those above: such a column tells enough by itself
MOST_ALIKE = 0.1  # of the records; where more are alike in those columns, all are looked at
BATCH_ROWS = 122_880
COUNT_ERRORS = (duckdb.Error, pa.ArrowInvalid)


@dataclass(frozen=True)
class Shape:
    """How a regular file is written: everything that a reader must be told."""

    encoding: sniff.Decision
    delimiter: sniff.Decision
    new_line: str
    blank_lines: int  # below the header
    column_count: int
    header: Header
    head_rows: list[list[Cell]] = field(repr=False)

    @property
    def skipped_lines(self) -> int:
        return self.header.index + 1


@dataclass(frozen=True)
class Survey:
    """A regular file, surveyed. `dates`: how often each text stands in the date column; `alike`: positions, among the records
    below the header, of those that may equal another, an earlier or a later one; no other does; `distinct_shares`: of a sample of
    each column's cells."""

    shape: Shape
    tally: Tally
    dates: Mapping[str, int]
    alike: npt.NDArray[np.int64]
    distinct_shares: tuple[float, ...]
    order: Order = "dmy"  # of day and month; the return's reading decides it by `dates`


def read_sample(path: Path) -> Sheet:
    """The first lines of a text file, as far as they can be read one by one: for recognising its header."""
    with path.open("rb") as handle:
        head = handle.read(HEAD)
    head = head[: head.rfind(b"\n") + 1] or head
    text = sniff.decode(head, sniff.decide_encoding(head).choice)
    try:
        return read_delimited(text, sniff.decide_delimiter(text).choice)[0]
    except (UnreadableFile, LimitBreached) as error:
        raise NotRegular(f"its first lines cannot be read ({error})") from error


def find_shape(path: Path, kind: Kind, synonyms: Synonyms, longest: int) -> Shape:
    """The shape of a file without a line of more than `longest` bytes: a cell of it may be too long. Raises NotRegular."""
    scan = _scan(path, longest)
    with path.open("rb") as handle:
        head = handle.read(HEAD)
    encoded = sniff.decide_encoding(head[: head.rfind(b"\n") + 1] or head)
    text = sniff.decode(head[: head.rfind(b"\n") + 1] or head, encoded.choice)
    split = sniff.decide_delimiter(text)
    lines = text.split(scan.new_line)
    rows: list[list[Cell]] = []
    header = None
    for index, line in enumerate(lines[:-1]):
        try:
            (row,) = csv.reader([line], delimiter=split.choice, strict=True)
        except (csv.Error, ValueError) as error:
            raise NotRegular(f"line {index + 1}, above the header, is more than one line of a table") from error
        rows.append(list(row))
        if header := as_header(index, rows[-1], kind, synonyms):
            break
    if header is None:
        raise NotRegular(f"no header is found in the first {len(rows)} lines")
    if any(_is_data_like(row, header) for row in rows[:-1]):
        raise NotRegular(f"lines of data stand above the header on row {header.index + 1}")
    above = sum(not any(row) for row in rows)
    return Shape(encoded, split, scan.new_line, scan.blank_lines - above, len(rows[-1]), header, rows)


def _is_data_like(row: list[Cell], header: Header) -> bool:
    column = header.columns["amount_gbp"]
    return column < len(row) and parse_money(row[column]) is not None


@dataclass(frozen=True)
class _Scan:
    new_line: str
    blank_lines: int


def _scan(path: Path, longest: int) -> _Scan:
    """Every byte of the file looked at once: encoding, line ends, blank lines. Only UTF-8 is read column by column."""
    returns = pairs = feeds = blanks = 0
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            begun = len(chunk) - chunk.rfind(b"\n")
            rest = handle.readline(LONGEST)
            if begun + len(rest) > longest:
                raise NotRegular(f"a line of it has more than {longest:,} characters")
            chunk += rest
            try:
                if not chunk.isascii():
                    chunk.decode("utf-8")
            except UnicodeDecodeError as error:
                raise NotRegular(f"it is not UTF-8 ({error.reason})") from error
            if b"\x00" in chunk:
                raise NotRegular("it holds NUL bytes")
            if b"=" in chunk and b'="' in chunk:  # one byte is found many times faster than two
                raise NotRegular("cells of it are written as formulas")
            if b"\r" in chunk or returns:
                returns, pairs, feeds = returns + chunk.count(b"\r"), pairs + chunk.count(b"\r\n"), feeds + chunk.count(b"\n")
            if _has_blank_line(chunk):
                blanks += sum(not line.strip(b"\r") for line in chunk.split(b"\n")[:-1])
    if returns != pairs or pairs != feeds:
        raise NotRegular("its lines end in different ways, or in bare carriage returns")
    return _Scan("\r\n" if pairs else "\n", blanks)


def _has_blank_line(chunk: bytes) -> bool:
    return chunk[:1] in b"\r\n" or _has_pair(chunk, b"\n\n") or (b"\r" in chunk and _has_pair(chunk, b"\n\r"))


def _has_pair(chunk: bytes, pair: bytes) -> bool:
    """Whether two bytes stand side by side: told of all bytes at once, in a tenth of the time that `in` takes."""
    number = np.frombuffer(pair, np.uint16)[0]
    return any(
        bool((np.frombuffer(chunk, np.uint16, (len(chunk) - at) // 2, at) == number).any()) for at in (0, 1) if len(chunk) > at
    )


def take_survey(path: Path, shape: Shape) -> Survey:
    """Count the file. Raises NotRegular when its records cannot be counted."""
    shares = _distinct_shares(path, shape)
    survey = _survey_by(path, shape, _most_telling(shape, shares), shares)
    if len(survey.alike) > MOST_ALIKE * survey.tally.row_count:  # its middle was no likeness of it, or it does repeat itself
        return _survey_by(path, shape, range(shape.column_count), shares)
    return survey


def _survey_by(path: Path, shape: Shape, telling: Iterable[int], distinct_shares: tuple[float, ...]) -> Survey:
    """Count the file; records are alike that have the same cells in these columns."""
    amount, day = shape.header.columns["amount_gbp"], shape.header.columns.get("payment_date")
    tally, dates = Tally(), Counter[str]()
    tally.row_counts[None] = 0
    total = Decimal("0.00")
    marks: list[npt.NDArray[np.uint64]] = []
    try:
        for batch in _counted(path, shape, amount, day, telling):
            tally.row_counts[None] += batch.num_rows
            marks.append(batch.column(0).to_numpy())
            total += total_gbp(batch.column(1))
            _count_into(dates, batch.column(2))
    except COUNT_ERRORS as error:
        raise NotRegular(f"its records cannot be counted ({str(error).splitlines()[0]})") from error
    tally.row_counts[None] += shape.skipped_lines + shape.blank_lines
    tally.row_gbp[(None, 0)] = total  # of all rows together
    return Survey(shape, tally, dates, _alike(marks), distinct_shares)


def _counted(path: Path, shape: Shape, amount: int, day: int | None, telling: Iterable[int]) -> Iterator[pa.RecordBatch]:
    """Per record: a mark that records share whose telling columns are equal, the amount and the date as they stand there."""
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(shape.column_count))
    with cursor() as connection:
        relation = connection.execute(
            f"""
            select
                hash({", ".join(f"c{i}" for i in telling)}) as mark,
                coalesce(c{amount}, '') as amount,
                {"null" if day is None else f"c{day}"}::varchar as day
            from read_csv(
                $path, auto_detect = false, header = false, skip = {shape.skipped_lines}, delim = $delimiter, quote = '"',
                escape = '"', new_line = $new_line, columns = {{{columns}}}
            )
            """,
            {"path": str(path), "delimiter": shape.delimiter.choice, "new_line": shape.new_line.encode("unicode_escape").decode()},
        )
        yield from relation.to_arrow_reader(BATCH_ROWS)


def _distinct_shares(path: Path, shape: Shape) -> tuple[float, ...]:
    """By column, how many of its cells are others than those above them, in the middle of the file; 0 where no record is there."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        handle.seek(size // 2)
        handle.readline()
        lines = handle.read(SAMPLE).decode("utf-8", errors="replace").split(shape.new_line)[:-1]
    rows = [row for row in csv.reader(lines, delimiter=shape.delimiter.choice) if len(row) == shape.column_count]
    return tuple(len({row[column] for row in rows}) / max(len(rows), 1) for column in range(shape.column_count))


def _most_telling(shape: Shape, distinct_shares: Sequence[float]) -> list[int]:
    """The columns that tell records apart best. Records that are alike in them are compared whole when their lines are taken; to
    mark every record by all of its cells costs more than counting it."""
    ranked = sorted(range(shape.column_count), key=lambda column: -distinct_shares[column])
    count = 1 if distinct_shares[ranked[0]] > NEARLY_ALL else TELLING
    return sorted({shape.header.columns["amount_gbp"], *ranked[: min(count, TELLING)]})


def _count_into(counter: Counter[str], column: Any) -> None:
    for entry in pc.value_counts(column.drop_null()).to_pylist():
        counter[entry["values"]] += entry["counts"]


def _alike(marks: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.int64]:
    """The positions of marks that stand there more than once."""
    if not marks:
        return np.empty(0, dtype=np.int64)
    together = np.concatenate(marks)
    ordered = np.sort(together)
    several = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(several):
        return np.empty(0, dtype=np.int64)
    may_be = np.zeros(1 << 16, dtype=bool)  # by the last bits: to look up the few that share them is a tenth of looking up all
    may_be[several.astype(np.uint16)] = True
    rows = np.flatnonzero(may_be[together.astype(np.uint16)])
    at = np.minimum(np.searchsorted(several, together[rows]), len(several) - 1)
    return rows[several[at] == together[rows]]
