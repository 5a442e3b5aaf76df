"""Whole columns are typed as their cells would be one by one."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.bulk import columns
from ingest.bulk.numbered import numbered
from ingest.bulk.pennies import read_pennies
from ingest.tally.places import total_gbp
from ingest.tally.pounds import pounds
from ingest.values.money import parse_money
from ingest.values.text import cell_text

QUICK = settings(max_examples=150, derandomize=True, database=None, deadline=None)
PLAIN = re.compile(columns.PLAIN_MONEY)
AMOUNTS = st.one_of(
    st.text("0123456789.,-+ £e", max_size=14),
    st.builds(
        lambda pennies, form: format(pennies / 100, form), st.integers(-(10**11), 10**11), st.sampled_from([".2f", ",.2f", ".1f"])
    ),
    st.sampled_from(
        ["", "-", "-.12", ",123.45", "-,123.00", "1,234", "123456789.00", "12345678.00", "1,23.00", "1-1.00", "0001.00"]
    ),
)
TEXTS = st.text(st.sampled_from("ab!~ \t\x7f\u00a0é"), max_size=5)


@QUICK
@given(st.lists(AMOUNTS, max_size=40), st.integers(0, 3))
@example(["1,234.56", "12.34", "-1,234.56"], 1)
def test_plain_amounts_are_those_of_the_parser(cells: list[str], start: int) -> None:
    found = columns.plain_money(pa.array(cells, pa.string()).slice(start)).to_pylist()
    wanted = [money.amount_gbp if PLAIN.match(cell) and (money := parse_money(cell)) else None for cell in cells[start:]]
    assert found == wanted


def test_the_common_forms_are_read_from_their_bytes() -> None:
    """Else the pattern, which costs twice as much, does all the work unseen."""
    pennies, is_read = read_pennies(pa.array(["1234.56", "-0.07", "1,234.56", "12345678.00", "123,456.70", "1.5", "£1.00", ""]))
    assert is_read.tolist() == [True] * 5 + [False] * 3
    assert pennies.tolist() == [123456, -7, 123456, 1234567800, 12345670, 0, 0, 0]


@QUICK
@given(st.lists(TEXTS, max_size=20), st.integers(0, 3))
def test_texts_are_tidied_as_cells_are(cells: list[str], start: int) -> None:
    array = pa.array(cells, pa.string()).slice(start)
    assert columns.text(array).to_pylist() == [cell_text(cell) for cell in cells[start:]]
    assert columns.decoded(columns.text(array.dictionary_encode())).to_pylist() == [cell_text(cell) for cell in cells[start:]]


@QUICK
@given(
    st.lists(st.one_of(AMOUNTS, st.sampled_from(["(5.00)", "£3.00", "20251231235959.00", "1234,567.00"])), max_size=80),
    st.integers(0, 3),
)
@example(["99.99"] * 60 + ["-123,456,789.12", "1.50-", ""], 0)
@example(["250,50", "1.234,50", "1-234.50", "1/234.50", "1,234-567.00", "1234567.00", ",234.50", "1234,567.00"], 0)
def test_the_second_count_of_a_column_is_that_of_its_cells(cells: list[str], start: int) -> None:
    """Sixty nines in one place are more than a byte holds."""
    assert total_gbp(pa.array(cells, pa.string()).slice(start)) == sum((pounds(cell, 1) for cell in cells[start:]), Decimal(0))


@QUICK
@given(st.text("aF-", max_size=4), st.sets(st.integers(1, 10**12), max_size=30), st.integers(1, 99_999))
def test_numbers_stand_behind_their_prefix(prefix: str, numbers: set[int], first: int) -> None:
    ascending = sorted(numbers | set(range(first, first + 12)))
    found = numbered(prefix, np.array(ascending, dtype=np.int64))
    found.validate(full=True)
    assert found.to_pylist() == [f"{prefix}{number}" for number in ascending]
    assert numbered(prefix, np.empty(0, dtype=np.int64)).to_pylist() == []
