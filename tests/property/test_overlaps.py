"""Rows of several files of an agency: each counts as often as the file counts it that holds most of it, whatever comes first."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.orchestration.overlap_helpers import LedgerFile, Row, counted_rows, working_database

QUICK = settings(max_examples=25, derandomize=True, database=None, deadline=None)
PERIODS = [
    ("2024-04", "2024-04-01", "2024-05-01"),
    ("2024-Q2", "2024-04-01", "2024-07-01"),
    ("2024-25", "2024-04-01", "2025-04-01"),
    ("2024-05", "2024-05-01", "2024-06-01"),
]
ROWS = st.lists(
    st.tuples(
        st.sampled_from([date(2024, 4, 1), date(2024, 5, 1), None]),
        st.sampled_from(["1.00", "-1.00", "2.50"]),
        st.sampled_from(["r1", None]),
    ),
    max_size=8,
)
FILES = st.lists(st.tuples(st.integers(0, 3), ROWS), min_size=1, max_size=4)


def ledgers(files: list[tuple[int, list[Row]]]) -> list[LedgerFile]:
    return [
        LedgerFile(f"f{number}", *PERIODS[period], rows, f"{(number * 7) % 5}{number}")
        for number, (period, rows) in enumerate(files)
    ]


@QUICK
@given(files=FILES)
def test_the_multiset_law(files: list[tuple[int, list[Row]]]) -> None:
    """File by file in their order, each contributes what it holds beyond what has been counted; the first of equal rows."""
    given_files = ledgers(files)
    ordered = sorted(given_files, key=lambda f: (f.start, f.end, f.sha256, f.name))
    counted: Counter[Row] = Counter()
    expected: list[str] = []
    for file in ordered:
        mine: Counter[Row] = Counter()
        quota = {row: max(0, copies - counted[row]) for row, copies in Counter(file.rows).items()}
        for number, row in enumerate(file.rows, start=2):
            mine[row] += 1
            if row[0] is None or mine[row] <= quota[row]:
                expected.append(f"{file.record.parts[0].revision_id}/{number}")
        counted.update(quota)
    connection, _ = working_database(given_files)
    assert counted_rows(connection) == sorted(expected)


@QUICK
@given(files=FILES)
def test_counted_are_the_most_copies_of_each_row(files: list[tuple[int, list[Row]]]) -> None:
    connection, _ = working_database(ledgers(files))
    most: Counter[Row] = Counter()
    undated = 0
    for _, rows in files:
        undated += sum(row[0] is None for row in rows)
        for row, copies in Counter(row for row in rows if row[0] is not None).items():
            most[row] = max(most[row], copies)
    assert len(counted_rows(connection)) == sum(most.values()) + undated


@QUICK
@given(files=FILES, seed=st.integers(0, 999))
def test_order_of_files_decides_nothing(files: list[tuple[int, list[Row]]], seed: int) -> None:
    given_files = ledgers(files)
    shuffled = list(given_files)
    random.Random(seed).shuffle(shuffled)
    assert counted_rows(working_database(given_files)[0]) == counted_rows(working_database(shuffled)[0])


@QUICK
@given(files=FILES)
def test_every_row_that_is_not_counted_names_an_equal_one_that_is(files: list[tuple[int, list[Row]]]) -> None:
    connection, _ = working_database(ledgers(files))
    unequal = connection.execute(
        """
        select count(*) from intake.repeated_rows as r
        left join lake.spend as mine on mine.flow_id = r.flow_id
        left join lake.spend as other on other.flow_id = r.counted_flow_id
        where (mine.payment_date, mine.amount_gbp, mine.reference) is distinct from
            (other.payment_date, other.amount_gbp, other.reference)
            or mine.revision_id = other.revision_id
            or r.counted_flow_id in (select flow_id from intake.repeated_rows)
        """
    ).fetchone()
    assert unequal == (0,)
