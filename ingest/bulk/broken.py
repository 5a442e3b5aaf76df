"""Lines of a large file that break a rule and are lines all the same: told from totals, notes and headers, and typed, by columns.

Belongs here: which records are surely what `ingest.kinds.table` would call a line, and their cells as `ingest.lines` types them.
Must not: decide on any other record (the line-by-line code does), or judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ingest.bulk import columns
from ingest.bulk.compute import pc
from ingest.bulk.numbered import numbered
from ingest.bulk.survey import Shape
from ingest.headers import Synonyms
from ingest.kinds import Kind
from ingest.readers.cells import column_letter
from ingest.values.dates import Order
from ingest.values.money import parse_money

_MONEY_TEXT = r"^\(?-? ?-?[0-9][0-9,]*\.[0-9]{2}\)?-?$"  # that of `ingest.kinds.table`, of plain ASCII without double blanks
Mask = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class BrokenLines:
    """Some records that are lines. `texts`: every column of the file, tidied, null where blank; `amounts` and `days` are null where
    there is none."""

    numbers: npt.NDArray[np.int64]
    is_repeated: Mask
    texts: list[pa.Array]
    amounts: pa.Array
    is_rounded: Mask
    days: pa.Array


class Telling:
    """Tells which records of one file are surely lines."""

    def __init__(self, shape: Shape, kind: Kind, synonyms: Synonyms, order: Order) -> None:
        self.at, self.kind = shape.header.columns, kind
        self.order: Order = order
        self._names = pa.array(list(synonyms), pa.string())
        self._identifying = [name for name in kind.mandatory if name != "amount_gbp" and name in self.at]
        self._may_tell = kind.needs_amount and {field.type for field in kind.fields} == {"text", "money", "date"}
        self._may_tell &= not (kind.is_template or kind.name_of_individual or kind.agency_field)
        self._may_tell &= [field.name for field in kind.fields if field.type == "date"] == ["payment_date"]

    def among(
        self, cells: Sequence[pa.Array], amounts: pa.Array, numbers: npt.NDArray[np.int64], is_repeated: Mask
    ) -> tuple[Mask, BrokenLines]:
        """Which of these records are surely lines, and those. `cells`: as they stand in the file; `amounts`: of those that are
        plain numbers."""
        amounts, is_rounded = _all_amounts(cells[self.at["amount_gbp"]], amounts)
        days = columns.decoded(columns.coded_dates(cells[self.at["payment_date"]].dictionary_encode(), self.order))
        texts = [columns.text(column) for column in cells]
        is_sure = self._surely_lines(cells, texts, amounts, days) if self._may_tell else np.zeros(len(numbers), dtype=bool)
        mask = pa.array(is_sure)
        return is_sure, BrokenLines(
            numbers[is_sure],
            is_repeated[is_sure],
            [text.filter(mask) for text in texts],
            amounts.filter(mask),
            is_rounded[is_sure],
            days.filter(mask),
        )

    def _surely_lines(self, cells: Sequence[pa.Array], texts: Sequence[pa.Array], amounts: pa.Array, days: pa.Array) -> Mask:
        filled = [_valid(text) for text in texts]
        amount, day = self.at["amount_gbp"], self.at["payment_date"]
        has_money, has_amount, is_dated = _valid(amounts), filled[amount], _valid(days)
        reference = self.at.get(self.kind.reference_field or "")
        # as `_is_total`: a total has no reference, and in the column of dates no date
        is_no_total = is_dated if reference is None else is_dated | filled[reference]
        sure = has_money & is_no_total & ~_is_minus_nothing(cells[amount], amounts)
        unread = has_amount & ~has_money & (is_dated | ~filled[day])
        if unread.any():
            sure[unread] = ~self._may_be_headers(cells, unread)
        blank = ~has_amount & (np.sum(filled, axis=0) > 1) & np.logical_or.reduce([filled[self.at[n]] for n in self._identifying])
        if blank.any():
            sure[blank] = ~self._have_strays(texts, blank) & ~self._may_be_headers(cells, blank)
        return sure & np.logical_and.reduce([pc.string_is_ascii(column).to_numpy(zero_copy_only=False) for column in cells])

    def _may_be_headers(self, cells: Sequence[pa.Array], among: Mask) -> Mask:
        """Two cells or more are names of columns (of plain ASCII: `header_key` over whole columns)."""
        mask = pa.array(among)
        together = pa.concat_arrays([column.filter(mask) for column in cells])
        keys = pc.replace_substring(pc.ascii_lower(together), "&", " and ")
        keys = pc.ascii_trim(pc.replace_substring_regex(keys, "[^a-z0-9]+", " "), characters=" ")
        is_name = pc.is_in(keys, self._names).to_numpy(zero_copy_only=False)
        return is_name.reshape(len(cells), -1).sum(axis=0) > 1

    def _have_strays(self, texts: Sequence[pa.Array], among: Mask) -> Mask:
        """Money stands elsewhere on the row, as `_stray` looks for it."""
        found = np.zeros(int(among.sum()), dtype=bool)
        known = {self.at.get(name) for name in ("vat_amount_gbp", "payment_date", "reference")}
        mask = pa.array(among)
        for column, text in enumerate(texts):
            if self.kind.finds_strays and column not in known:
                found |= pc.match_substring_regex(text.filter(mask).fill_null(""), _MONEY_TEXT).to_numpy(zero_copy_only=False)
        return found


def _all_amounts(cells: pa.Array, plain: pa.Array) -> tuple[pa.Array, Mask]:
    """Amounts, and which of them had more than two decimals: those that are no plain numbers by `parse_money`, each text once."""
    is_rounded = np.zeros(len(cells), dtype=bool)
    unread = plain.is_null()
    if not plain.null_count:
        return plain, is_rounded
    texts = cells.filter(unread).dictionary_encode()
    read = [parse_money(text) for text in texts.dictionary.to_pylist()]
    is_rounded[unread.to_numpy(zero_copy_only=False)] = np.array([bool(m and m.is_rounded) for m in read])[texts.indices.to_numpy()]
    amounts = pa.array([m.amount_gbp if m else None for m in read], columns.MONEY).take(texts.indices)
    return pc.replace_with_mask(plain, unread, amounts), is_rounded


def _is_minus_nothing(cells: pa.Array, amounts: pa.Array) -> Mask:
    """ "-0.00", which is written otherwise than "0.00" where it is a decimal number of its own."""
    nothing = pc.fill_null(pc.equal(amounts, pa.scalar(0, columns.MONEY)), False)
    return pc.and_(nothing, pc.match_substring(cells, "-")).to_numpy(zero_copy_only=False)


def _valid(column: pa.Array) -> Mask:
    return column.is_valid().to_numpy(zero_copy_only=False)


def typed_with(
    typed: pd.DataFrame, broken: Sequence[BrokenLines], shape: Shape, kind: Kind, slug: str,
    year_of: Callable[[date | None], str | None],
) -> pd.DataFrame:  # fmt: skip
    """The frame of typed lines (`ingest.lines.type_lines`, with repeats and years) together with these, in the file's order."""
    if not (numbers := np.concatenate([np.empty(0, dtype=np.int64), *(lines.numbers for lines in broken)])).size:
        return typed
    added = _typed(broken, numbers, shape, kind, slug)
    added["financial_year"] = _objects(map(year_of, added["payment_date"]))
    row_numbers = np.concatenate([typed["row_number"].to_numpy(dtype=np.int64), numbers])
    place = np.argsort(row_numbers, kind="stable")
    together: dict[str, Any] = {}
    for name in typed.columns:
        values = np.concatenate([typed[name].to_numpy(dtype=object), added[name]])[place]
        together[str(name)] = values.astype(bool) if name == "is_repeated_line" else pd.Series(values, dtype=object)
    return pd.DataFrame(together)


def _typed(
    broken: Sequence[BrokenLines], numbers: npt.NDArray[np.int64], shape: Shape, kind: Kind, slug: str
) -> dict[str, Objects]:
    """The columns of `type_lines`, a Python value in every cell."""
    at, count = shape.header.columns, len(numbers)
    nothing = np.full(count, None, dtype=object)
    texts = {name: pa.concat_arrays([lines.texts[column] for lines in broken]) for name, column in at.items()}
    found: dict[str, Objects] = {
        "sheet_name": nothing,
        "row_number": _objects(numbers.tolist()),
        "cell_ref": _objects(numbered(column_letter(at["amount_gbp"]), numbers).to_pylist()),
        "stray_gbp": nothing,
        "agency_slug": np.full(count, slug, dtype=object),
        "is_repeated_line": np.concatenate([lines.is_repeated for lines in broken]).astype(object),
        "amount_raw": _objects(texts["amount_gbp"].to_pylist()),
        "is_rounded": np.concatenate([lines.is_rounded for lines in broken]).astype(object),
    }
    for field in kind.fields:  # texts, money, and the one date
        text = texts.get(field.name)
        cells = nothing if text is None else _objects(text.to_pylist())
        if field.type == "money" and text is not None:
            found[field.name] = _objects(columns.money(text).to_pylist())
            continue
        found[field.name] = cells
        if field.type == "date":
            found[f"{field.name}_raw"] = cells
    found["amount_gbp"] = _objects(pa.concat_arrays([lines.amounts for lines in broken]).to_pylist())
    found["payment_date"] = _objects(pa.concat_arrays([lines.days for lines in broken]).to_pylist())
    return found


def _objects(values: Iterable[object]) -> Objects:
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
