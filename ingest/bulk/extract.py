"""The second pass over a large text file: plain lines to Parquet, all others to the line-by-line code.

Belongs here: telling the two apart. Must not: judge (the sieve is the caller's), or know how either is read or written
(`raw_records`, `lake_file`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.bulk import NotRegular, columns
from ingest.bulk.broken import BrokenLines, Telling
from ingest.bulk.lake_file import LakeWriter, Writing, lake_batch
from ingest.bulk.raw_records import Records
from ingest.bulk.survey import Shape, Survey
from ingest.headers import Synonyms
from ingest.kinds import Kind
from ingest.readers.cells import Cell, column_letter
from ingest.rows import OddLine, PlainLines
from ingest.values.dates import Order

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
    records = Records(path, survey)
    held = 0  # lines in memory
    since = lines_since = 0  # pennies and number of plain lines since the last odd one
    with LakeWriter(target, writing.constants) as writer:
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
            writer.write(lake_batch(typed, numbers[keep], letter, writing))
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


def _add_up(years: dict[str | None, int], pennies: npt.NDArray[np.int64], financial_year: pa.DictionaryArray) -> None:
    codes = columns.codes_of(financial_year)
    for code, name in enumerate([*financial_year.dictionary.to_pylist(), None]):
        mine = codes == (code if name is not None else -1)
        if mine.any():
            years[name] = years.get(name, 0) + int(pennies[mine].sum())
