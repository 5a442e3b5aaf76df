"""Names that two agencies claim, rows not in force and copies of a file, through the real pipeline (`scenarios/names.py`)."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

pytestmark = [pytest.mark.golden, pytest.mark.slow]
BARNSLEY = "barnsley-metropolitan-borough-council"


def test_a_folders_name_takes_no_counterparty_away(release: duckdb.DuckDBPyConnection) -> None:
    """The name is still the shipped agency's: before, it was nobody's, and what was eliminated counted twice."""
    rows = release.execute(
        "select counterparty_agency, sum(amount_gbp) from fct_flow where agency_slug = 'names-payer' group by all order by all"
    ).fetchall()
    assert rows == [(BARNSLEY, Decimal("40.00")), (None, Decimal("10.00"))]


def test_the_clash_is_a_finding_in_words(release: duckdb.DuckDBPyConnection) -> None:
    ((severity, message, value),) = release.execute(
        "select severity, message, value from qa_findings where rule_id = 'agency_name_is_its_own' and agency_slug = 'names-taker'"
    ).fetchall()
    assert (severity, value) == ("warning", None)
    assert f"the name of names-taker is a name of {BARNSLEY} too" in message
    (outcome,) = release.execute(
        "select outcome from qa_rule_index where rule_id = 'agency_name_is_its_own' and return_id is null"
    ).fetchall()
    assert outcome == ("failed",)


def test_the_reason_of_a_row_that_is_not_in_force_is_published_without_its_text(release: duckdb.DuckDBPyConnection) -> None:
    ((message, value),) = release.execute(
        "select message, value from qa_findings where rule_id = 'registry_row_unreadable' and file_name = 'registry/agencies.csv'"
    ).fetchall()
    assert " is not in force: agency_slug is not a slug: small letters, digits and hyphens" in message
    assert (value, "Person" in message) == (None, False)


def test_one_file_in_two_folders_is_a_finding(release: duckdb.DuckDBPyConnection) -> None:
    found = release.execute(
        "select publisher_slug, value, amount_gbp, message from qa_findings where rule_id = 'bytes_have_one_publisher'"
    ).fetchall()
    ((publisher, value, amount, message),) = [row for row in found if row[0].startswith("names-")]
    assert (publisher, value, amount) == ("names-now", "names-before/spend/2024-05.csv", Decimal("7.00"))
    assert "totalplace returns withdraw names-before.spend.2024-05" in message
