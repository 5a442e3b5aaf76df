"""The golden count through the real pipeline: templates in, release out, to the penny (money.md, section 2)."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from scenarios.golden_count import CASES, Case

pytestmark = [pytest.mark.golden, pytest.mark.slow]
ANSWERS = {
    "whole": (937, 232, 705, 705),
    "notrust": (727, 32, 695, 695),
    "nofire": (915, 232, 683, 683),
    "net": (917, 212, 705, 705),
}


def _millions(value: Decimal | None) -> Decimal:
    assert value is not None
    return value / 1_000_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_place_totals(release: duckdb.DuckDBPyConnection, case: Case) -> None:
    sums = release.execute(
        "select sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp) from mart_spend_by_place where place_code = ?",
        [case.place_code],
    ).fetchone()
    resources = release.execute(
        "select sum(amount_gbp) from mart_spend_by_funding_route where place_code = ? and flow = 'income' and not is_internal",
        [case.place_code],
    ).fetchone()
    assert sums is not None and resources is not None
    assert tuple(map(_millions, (*sums, *resources))) == ANSWERS[case.name]


def test_without_fire_the_precept_is_shown_as_received_by_fire(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select eliminated_gbp, reason from mart_eliminations"
        " where payee_agency = 'nofire-fire' and payer_agency = 'nofire-council'"
    ).fetchall()
    assert [(amount, "received by nofire-fire, spending not returned" in reason) for amount, reason in rows] == [
        (Decimal("12000000.00"), True)
    ]


def test_a_net_account_has_taken_the_pooled_money_off_already(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select payer_amount_gbp, eliminated_gbp, reason from mart_eliminations where payee_agency = 'net-council'"
    ).fetchall()
    assert rows == [(Decimal("20000000.00"), Decimal("0.00"), "already_netted")]


def test_the_missing_trust_is_a_row_without_money(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select coverage_status, consolidated_gbp from mart_spend_by_place where agency_slug = 'notrust-trust'"
    ).fetchall()
    assert rows == [("missing", None)]


def test_both_sides_of_an_eliminated_transfer_agree(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select payer_amount_gbp, payee_amount_gbp, mismatch_gbp from mart_eliminations where payee_agency = 'whole-trust'"
    ).fetchall()
    assert rows == [(Decimal("200000000.00"), Decimal("200000000.00"), Decimal("0.00"))]


def test_every_number_walks_back_to_a_cell(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select file_name, row_number, amount_gbp from fct_flow where agency_slug = 'whole-fire' and flow = 'outlay'"
    ).fetchall()
    assert rows == [("whole-fire/count/2024-25.csv", 2, Decimal("22000000.00"))]
