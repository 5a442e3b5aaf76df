"""A group of possible duplicate payments explained: from tables of the shape that a release has them in."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from orchestration.explain.answer import ExplainError
from orchestration.explain.duplicate import LINES, TABLE, explain_duplicate


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two groups: three payments and a credit of one reference (D1), two of other references (D2)."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            create table {TABLE} as
            select * replace (amount_gbp::decimal(18, 2) as amount_gbp, excess_gbp::decimal(18, 2) as excess_gbp,
                review_gbp::decimal(18, 2) as review_gbp)
            from (values
                ('g1', 'council', '2024-25', 'D1', 'same supplier, reference and amount', 3, 1, 50, 50, 0, 'open', null, [1]),
                ('g2', 'council', '2024-25', 'D2', 'same supplier and amount', 2, 0, 700, 0, 700, 'dismissed', 'two orders', [1])
            ) as found (group_id, agency_slug, financial_year, tier, reason, payment_count, credit_count, amount_gbp, excess_gbp,
                review_gbp, status, review_reason, members)"""
        )
        connection.execute(
            f"""
            create table {LINES} as
            select 'g1' as group_id, if(n = 4, 'credit', 'payment') as role, if(n = 4, 1, n) as payment_number,
                date '2024-06-03' as payment_date, if(n = 4, -50, 50)::decimal(18, 2) as amount_gbp,
                'council/june 2024.csv' as file_name, null::varchar as sheet_name, n + 1 as row_number, 'D' || (n + 1) as cell_ref
            from range(1, 5) as numbers (n)"""
        )
        yield connection


def test_excess_is_what_the_rule_says(release: duckdb.DuckDBPyConnection) -> None:
    found = explain_duplicate(release, "r", "g1")
    assert found.arithmetic == ["max(0, 3 payments - 1 credits - 1) x 50.00 = 50.00 excess"]
    assert [row["cell_ref"] for row in found.parts[0].rows] == ["D2", "D3", "D4", "D5"]
    assert sum(row["amount_gbp"] for row in found.parts[0].rows) == Decimal("100.00")
    assert found.notes == ["review: open"]


def test_what_is_for_review_is_no_excess(release: duckdb.DuckDBPyConnection) -> None:
    found = explain_duplicate(release, "r", "g2")
    assert found.arithmetic == ["max(0, 2 payments - 0 credits - 1) x 700.00 = 700.00 for review"]
    assert found.notes == ["review: dismissed, two orders"]


def test_a_table_that_says_otherwise_is_told(release: duckdb.DuckDBPyConnection) -> None:
    release.execute(f"update {TABLE} set excess_gbp = 99 where group_id = 'g1'")
    assert explain_duplicate(release, "r", "g1").notes[-1] == "the arithmetic gives 50.00 and the table 99.00"


def test_no_such_group(release: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ExplainError, match=r"no group 'g9'.* it has 2 "):
        explain_duplicate(release, "r", "g9")


def test_a_release_from_before() -> None:
    with duckdb.connect() as connection, pytest.raises(ExplainError, match="before possible duplicate payments"):
        explain_duplicate(connection, "r", "g1")
