"""Kinds beside the count and the ledger in the warehouse: what counts with them, what only stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from warehouse_harness import Warehouse, built

from ingest.kinds import KINDS

YEAR, PLACE = "2024-25", "X99300001"


def _rows() -> Warehouse:
    warehouse = Warehouse()
    warehouse.add("registry.places", {"place_code": PLACE, "place_name": PLACE, "place_type": "unitary"})
    paid = {"financial_year": YEAR, "payment_date": "2024-05-01", "payee_name": "Acme Ltd"}
    for slug in ("kinds-both", "kinds-card"):
        warehouse.add("registry.agencies", {"agency_slug": slug, "agency_name": slug.title(), "agency_type": "la_unitary"})
        warehouse.add("registry.agency_places", {"agency_slug": slug, "place_code": PLACE, "driver": "boundary", "weight": "1"})
        card = {**paid, "payment_date": "2024-06-03", "agency_slug": slug, "amount_gbp": Decimal("20.25")}
        warehouse.add("lake.procurement_card", card)
    both = {"agency_slug": "kinds-both", "financial_year": YEAR}
    warehouse.add("lake.spend", {**paid, **both, "amount_gbp": Decimal("100.00")})
    warehouse.add("lake.grants", {**both, "amount_gbp": Decimal("50.00"), "award_date": "2024-06-03"})
    given = {"payer_agency": "kinds-both", "payee_agency": "kinds-both", "is_ringfenced": True}
    warehouse.add("lake.funding", {**both, **given, "amount_gbp": Decimal("7.00")})
    office = {"agency_slug": "kinds-office", "agency_name": "Kinds Office", "agency_type": "dwp"}
    warehouse.add("registry.agencies", office)
    warehouse.add(
        "lake.benefits",
        {"agency_slug": "kinds-office", "financial_year": YEAR, "amount_gbp": Decimal("9.00"), "benefit_code": "UC"},
    )
    warehouse.add("lake.joint_arrangements", {**both, "amount_gbp": Decimal("3.00"), "arrangement_id": "JA1"})
    warehouse.add("lake.outcomes", {**both, "value": 5.2, "indicator_code": "NEET"})
    for kind in ("culture_barriers", "culture_enablers", "governance_bodies", "asks", "invest_to_save"):
        warehouse.add(f"lake.{kind}", both)
    for slug, gbp in (("kinds-both", "180.25"), ("kinds-card", "20.25"), ("kinds-office", "9.00")):
        whole = {"return_id": f"{slug}/r", "revision_id": f"{slug}/r@1", "file_name": "f.csv", "status": "in_service"}
        warehouse.add("intake.ledger", {**whole, "agency_slug": slug, "accepted_gbp": Decimal(gbp)})
    return warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with built(_rows(), tmp_path_factory.mktemp("kinds")) as connection:
        yield connection


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("count", "service_expenditure")])
def test_lines_of_every_kind_can_be_queried(kind: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    (count,) = warehouse.execute(f"select count(*) from stg_{kind}__lines where kind = '{kind}'").fetchone() or (0,)
    assert count == (2 if kind == "procurement_card" else 1)


def test_card_payments_add_to_the_ledger_of_their_agency(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select agency_slug, consolidated_gbp, coverage_status from mart_spend_by_place order by all"
    ).fetchall()
    assert rows == [
        ("kinds-both", Decimal("120.25"), "ledger_only"),
        ("kinds-card", Decimal("20.25"), "ledger_only"),
        ("kinds-office", Decimal("9.00"), "returned"),
    ]
    kinds = warehouse.execute(
        "select kind, is_counting_layer from fct_flow where agency_slug = 'kinds-both' order by all"
    ).fetchall()
    assert kinds == [("funding", True), ("procurement_card", True), ("spend", True)]


def test_card_payments_do_not_fill_the_months_of_a_ledger(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute("select agency_slug, kind, months_expected, months_present from mart_coverage order by all").fetchall()
    assert rows == [("kinds-both", "spend", 12, 1), ("kinds-card", "spend", 12, 1)]


def test_awards_stand_beside_what_counts_and_never_add_to_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select layer, kind, amount_gbp, is_counting_layer from mart_layer_comparison where agency_slug = 'kinds-both' order by all"
    ).fetchall()
    assert rows == [
        ("commitments", "grants", Decimal("50.00"), False),
        ("transactions", "spend", Decimal("120.25"), True),
    ]
