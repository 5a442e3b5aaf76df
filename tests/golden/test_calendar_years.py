"""Files of calendar years through the whole pipeline: each payment in the financial year and the month in which it was made."""

from __future__ import annotations

import duckdb
import pytest
from scenarios.calendar_year import AGENCY

pytestmark = [pytest.mark.golden, pytest.mark.slow]


def test_each_payment_counts_in_its_own_financial_year(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select financial_year, count(*), sum(amount_gbp)::integer from fct_flow where agency_slug = ? group by all order by all"
    )
    assert release.execute(query, [AGENCY]).fetchall() == [("2021-22", 3, 30), ("2022-23", 12, 120), ("2023-24", 9, 90)]


def test_coverage_shows_it_in_its_own_month(release: duckdb.DuckDBPyConnection) -> None:
    query = """
        select financial_year, count(*) filter (where line_count = 1), count(*) filter (where line_count > 1), min(month)
        from mart_coverage_by_month
        where agency_slug = ? and line_count > 0 group by all order by all"""
    assert release.execute(query, [AGENCY]).fetchall() == [
        ("2021-22", 3, 0, "2022-01"), ("2022-23", 12, 0, "2022-04"), ("2023-24", 9, 0, "2023-04"),
    ]  # fmt: skip


def test_it_is_said_of_the_file(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select count(*) from qa_findings where rule_id = 'period_decided' and agency_slug = ? and file_name like '%calendar 2022%'"
    )
    assert release.execute(query, [AGENCY]).fetchall() == [(1,)]
