"""Where the count could go wrong at its edges: who is internal, what is net, whose place it is, what a reader may see.

Place A holds everybody but the far body (place B); the national body serves no place the registry knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from warehouse_harness import Warehouse, built

YEAR = "2024-25"
A, B = "X99200001", "X99200002"
AGENCIES = {
    "edge-payer": (A,),
    "edge-gross": (A,),
    "edge-absent": (A,),
    "edge-mixed": (A,),
    "edge-tie": (A,),
    "edge-net": (A,),
    "edge-net-listing": (A,),
    "edge-net-naming": (A,),
    "edge-income": (A,),
    "edge-seller": (A,),
    "edge-ledger": (A,),
    "edge-far": (B,),
    "edge-county": (A, B),
    "edge-national": (),
}
FINDINGS = (
    # finding, field, value, message
    ("money", "amount_gbp", "tba", "The amount tba could not be read"),
    ("long", "place_code", "x" * 41, f"The place {'x' * 41} is not known"),
    ("name", "payee_name", "Joe Bloggs", "The payee Joe Bloggs is a person"),
    ("whole", None, None, "The month has no lines"),
)


def _rows() -> Warehouse:
    warehouse = Warehouse()
    for place in (A, B):
        warehouse.add("registry.places", {"place_code": place, "place_name": place, "place_type": "unitary"})
    for slug, places in AGENCIES.items():
        warehouse.add("registry.agencies", {"agency_slug": slug, "agency_name": slug.title(), "agency_type": "la_unitary"})
        for place in places:
            link = {"agency_slug": slug, "place_code": place, "driver": "boundary", "weight": str(Decimal(1) / len(places))}
            warehouse.add("registry.agency_places", link)

    def line(agency: str, flow: str, amount: float, **more: object) -> None:
        row = {"agency_slug": agency, "financial_year": YEAR, "flow": flow, "amount_gbp": Decimal(str(amount)), **more}
        warehouse.add("lake.count", row)

    def pays(amount: float, kind: str | None, payee: str | None, payer: str = "edge-payer", **more: object) -> None:
        line(payer, "outlay", amount, transfer_kind=kind, counterparty_agency=payee, **more)

    # 1. A recharge to another body is a purchase from it.
    pays(1, "recharge", None)
    pays(2, "recharge", "edge-payer")
    pays(3, "recharge", "edge-gross")
    pays(4, "recharge", "edge-absent")
    line("edge-gross", "outlay", 1000)
    # 2. Net is what most of the money of the same nature is.
    line("edge-mixed", "outlay", 90, expenditure_basis="gross", capital_or_revenue="revenue")
    line("edge-mixed", "outlay", 10, expenditure_basis="net", capital_or_revenue="revenue")
    line("edge-mixed", "outlay", 20, expenditure_basis="gross", capital_or_revenue="capital")
    line("edge-mixed", "outlay", 50, expenditure_basis="net", capital_or_revenue="capital")
    pays(5, "purchase", "edge-mixed", capital_or_revenue="revenue")
    pays(6, "grant", "edge-mixed", capital_or_revenue="capital")
    line("edge-tie", "outlay", 40, expenditure_basis="gross")
    line("edge-tie", "outlay", 40, expenditure_basis="net")
    pays(7, "purchase", "edge-tie")
    for slug in ("edge-net", "edge-net-listing", "edge-net-naming"):
        line(slug, "outlay", 70, expenditure_basis="net")
        pays(8, "pooled", slug)
    line("edge-net-listing", "income", 8, expenditure_basis="gross", counterparty_agency="edge-payer", transfer_kind="pooled")
    line("edge-net-naming", "income", 8, expenditure_basis="net", counterparty_agency="edge-payer", transfer_kind="pooled")
    # 3. A payer without places pays a body of one place, one of several places, and one that made no return.
    pays(11, "grant", "edge-gross", payer="edge-national")
    pays(12, "grant", "edge-county", payer="edge-national")
    pays(13, "grant", "edge-far", payer="edge-national")
    # 4. and 7. A count without outlays: a precept passed on to it is internal, a purchase that stays is not.
    pays(14, "collection_on_behalf", "edge-income", funding_route="council_tax")
    pays(15, "purchase", "edge-income", funding_route="fees_charges")
    line("edge-income", "income", 14, counterparty_agency="edge-payer", funding_route="precept_levy")
    line("edge-income", "income", 15, counterparty_agency="edge-payer", funding_route="fees_charges")
    line("edge-payer", "income", 500, funding_route="council_tax", counterparty_name="Mrs A Person")
    # 7. Two receipts of one pair, of which the payer lists one.
    line("edge-seller", "outlay", 130)
    pays(100, "purchase", "edge-seller", funding_stream="  better care FUND ")
    line("edge-seller", "income", 100, counterparty_agency="edge-payer", transfer_kind="purchase", funding_route="nhs_contract")
    line("edge-seller", "income", 30, counterparty_agency="edge-payer", transfer_kind="grant", funding_route="ringfenced_grant")
    # 6. Free text where a code belongs.
    pays(16, "recharge", "mr-j-bloggs", funding_stream="For Joe Bloggs")
    warehouse.add(
        "lake.spend",
        *(
            {"payee_name": name, "amount_gbp": Decimal("9.00"), "payment_date": "2024-05-01"}
            for name in ("Mr J Bloggs Ltd", "J Bloggs t/a Bloggs Roofing Ltd", "Rev. Bloggs Charity", "Mrsh Drains Ltd")
        ),
        agency_slug="edge-ledger",
        financial_year=YEAR,
    )
    for finding, field_name, value, message in FINDINGS:
        warehouse.add("intake.findings", {"finding_id": finding, "field_name": field_name, "value": value, "message": message})
    held = {"return_id": "r", "revision_id": "r@1", "file_name": "f.csv", "status": "held", "accepted_count": 1}
    for slug in ("edge-payer", "mr-j-bloggs", "mrs-j-bloggs", None):
        warehouse.add("intake.ledger", {**held, "agency_slug": slug, "file_gbp": Decimal("2.50")})
    accepted: dict[object, Decimal] = {}
    for row in (*warehouse.rows["lake.count"], *warehouse.rows["lake.spend"]):
        accepted[row["agency_slug"]] = accepted.get(row["agency_slug"], Decimal(0)) + Decimal(str(row["amount_gbp"]))
    for agency, gbp in accepted.items():
        whole = {"return_id": f"{agency}/r", "revision_id": f"{agency}/r@1", "file_name": "f.csv", "status": "in_service"}
        warehouse.add("intake.ledger", {**whole, "agency_slug": agency, "accepted_gbp": gbp})
    return warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with built(_rows(), tmp_path_factory.mktemp("edges")) as connection:
        yield connection


def _all(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


def _treated(connection: duckdb.DuckDBPyConnection, condition: str) -> list[tuple[object, ...]]:
    return _all(
        connection,
        "select payee_agency, cast(payer_amount_gbp as integer), treatment, reason from mart_eliminations"
        f" where is_counting_layer and payer_amount_gbp is not null and {condition} order by all",
    )


def test_only_a_recharge_inside_the_body_is_internal(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert _treated(warehouse, "payer_agency = 'edge-payer' and transfer_kind = 'recharge'") == [
        ("edge-absent", 4, "stays", "payee_not_returned"),
        ("edge-gross", 3, "eliminated", "payee_inside_perimeter"),
        ("edge-payer", 2, "eliminated", "internal_recharge"),
        (None, 1, "eliminated", "internal_recharge"),
    ]


def test_an_account_is_net_where_most_of_its_money_of_that_nature_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert _treated(warehouse, "payer_agency = 'edge-payer' and payee_agency in ('edge-mixed', 'edge-tie')") == [
        ("edge-mixed", 5, "eliminated", "payee_inside_perimeter"),
        ("edge-mixed", 6, "already_netted", "already_netted"),
        ("edge-tie", 7, "already_netted", "already_netted"),
    ]


def test_a_gross_receipt_that_names_the_payer_was_not_netted_off(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert _treated(warehouse, "payer_agency = 'edge-payer' and starts_with(payee_agency, 'edge-net')") == [
        ("edge-net", 8, "already_netted", "already_netted"),
        ("edge-net-listing", 8, "eliminated", "payee_inside_perimeter"),
        ("edge-net-naming", 8, "already_netted", "already_netted"),
    ]


def test_a_payer_without_places_spends_where_its_payee_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(
        warehouse,
        "select place_code, method_grade, cast(aggregate_gbp as integer), cast(eliminated_gbp as integer)"
        " from mart_spend_by_place where agency_slug = 'edge-national' order by all",
    )
    assert rows == [("UNALLOCATED", "E", 12, 0), (A, "B", 11, 11), (B, "B", 13, 0)]
    covered = _all(
        warehouse, "select place_code, coverage_status from mart_coverage where agency_slug = 'edge-national' order by all"
    )
    assert covered == [(A, "returned"), (B, "returned")]


def test_income_alone_is_not_a_returned_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    covered = "select coverage_status, months_expected, months_present, is_partial from mart_coverage where agency_slug = "
    assert _all(warehouse, f"{covered} 'edge-income'") == [("missing", 12, 0, True)]
    assert _all(warehouse, f"{covered} 'edge-gross'") == [("returned", 12, 12, False)]
    spend = "select coverage_status, aggregate_gbp, consolidated_gbp from mart_spend_by_place where agency_slug = "
    assert _all(warehouse, f"{spend} 'edge-income'") == [("missing", None, None)]


def test_a_receipt_is_internal_beside_the_transfer_that_left(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(
        warehouse,
        "select agency_slug, cast(amount_gbp as integer), is_internal from mart_spend_by_funding_route"
        " where income_entry = 'received' and agency_slug in ('edge-income', 'edge-seller') order by all",
    )
    assert rows == [
        ("edge-income", 14, True),
        ("edge-income", 15, False),
        ("edge-seller", 30, False),
        ("edge-seller", 100, True),
    ]
    unlisted = _all(
        warehouse, "select transfer_kind, payee_amount_gbp from mart_eliminations where treatment = 'not_recorded_by_payer'"
    )
    assert unlisted == [("grant", Decimal("30.00"))]


def test_an_origin_is_a_registered_body_or_the_origin_of_the_route(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(warehouse, "select distinct origin from mart_spend_by_funding_route where flow = 'income' order by all")
    assert rows == [("council tax payers",), ("edge-payer",)]


def test_a_body_not_registered_is_not_named_and_money_to_it_stays(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(warehouse, "select counterparty_agency, funding_stream from fct_flow where amount_gbp = 16")
    assert rows == [(None, "other")]
    assert _treated(warehouse, "payer_amount_gbp = 16") == [(None, 16, "stays", "payee_not_named")]


def test_a_stream_is_one_of_the_standard_names(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(warehouse, "select distinct funding_stream from fct_flow order by all")
    assert rows == [("Better Care Fund",), ("other",), (None,)]
    assert _all(warehouse, "select * from stg_registry__service_lines where funding_stream = 'other'") == []


def test_no_supplier_with_a_personal_title_is_named(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(warehouse, "select supplier_name, count(*) from dim_supplier group by all order by all")
    assert rows == [("Mrsh Drains Ltd", 1), (None, 3)]


def test_findings_publish_codes_and_figures_only(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(warehouse, "select finding_id, value, message from qa_findings order by all")
    assert rows == [
        ("long", None, "see the submitter report"),
        ("money", "tba", "The amount tba could not be read"),
        ("name", None, "see the submitter report"),
        ("whole", None, "The month has no lines"),
    ]


def test_the_ledger_names_registered_agencies_only(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = _all(warehouse, "select agency_slug, accepted_count, file_gbp from qa_return_ledger where status = 'held' order by all")
    assert rows == [("edge-payer", 1, Decimal("2.50")), (None, 3, Decimal("7.50"))]
