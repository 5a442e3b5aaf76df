"""The worked numbers of the count (money.md sections 2 and 5), to the penny, through the real dbt project.

Four places in one warehouse, one per golden case, agencies suffixed per case; then the worked overlap, apportionment
by largest remainder, and a ledger whose precepts pass through the county.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from warehouse_harness import Warehouse, built

YEAR = "2024-25"
MILLION = Decimal("1000000.00")
CASES = ("all", "no_trust", "no_fire", "net")
PLACES = {case: f"X9900000{number}" for number, case in enumerate(CASES, start=1)}
BODIES = {
    "council": "la_unitary",
    "icb": "nhs_commissioner",
    "trust": "nhs_provider",
    "fire": "fire",
    "jobcentre": "dwp",
}


def _register(warehouse: Warehouse, slug: str, name: str, agency_type: str, *places: str, **link: object) -> None:
    warehouse.add("registry.agencies", {"agency_slug": slug, "agency_name": name, "agency_type": agency_type})
    for place in places:
        driver = "boundary" if len(places) == 1 else "population"
        row = {"agency_slug": slug, "place_code": place, "driver": driver, "weight": "1" if len(places) == 1 else None}
        warehouse.add("registry.agency_places", {**row, **link})


def _place(warehouse: Warehouse, code: str, name: str, population: int | None = None) -> None:
    warehouse.add("registry.places", {"place_code": code, "place_name": name, "place_type": "unitary"})
    if population:
        warehouse.add(
            "registry.populations",
            {
                "place_code": code,
                "vintage": "census_2021",
                "reference_year": "2021",
                "population_count": str(population),
                "source": "invented",
            },
        )


def _golden_case(warehouse: Warehouse, case: str) -> None:
    place = PLACES[case]
    slug = {body: f"{body}-{case.replace('_', '-')}" for body in BODIES}
    _place(warehouse, place, f"Golden {case}", 100000)
    for body, agency_type in BODIES.items():
        _register(warehouse, slug[body], f"{body.title()} of {case}", agency_type, place)

    def outlay(body: str, amount: float, service: str, payee: str | None = None, **more: object) -> None:
        row = {"flow": "outlay", "amount_gbp": Decimal(str(amount)) * MILLION, "service_code": service}
        counterparty = slug[payee] if payee else None
        _line(slug[body], {**row, "counterparty_agency": counterparty, **more})

    def income(body: str, amount: float, route: str, payer: str | None = None, **more: object) -> None:
        row = {"flow": "income", "amount_gbp": Decimal(str(amount)) * MILLION, "funding_route": route}
        _line(slug[body], {**row, "counterparty_agency": slug[payer] if payer else None, **more})

    def _line(agency: str, row: dict[str, object]) -> None:
        if (case == "no_trust" and agency == slug["trust"]) or (case == "no_fire" and agency == slug["fire"]):
            return
        basis = "net" if case == "net" and agency == slug["council"] else "gross"
        warehouse.add(
            "lake.count",
            {"agency_slug": agency, "financial_year": YEAR, "place_code": place, "expenditure_basis": basis, **row},
        )

    suppliers = 113 if case == "net" else 133
    outlay("council", 60, "09", economic_type="pay")
    outlay("council", suppliers, "10.2", economic_type="goods_services")
    outlay("council", 40, "09.2", economic_type="grant")
    outlay("council", 5, "08")
    outlay("council", 12, "03.2", "fire", transfer_kind="collection_on_behalf", funding_route="council_tax")
    income("council", 100, "schools_grant")
    income("council", 50, "unringfenced_grant")
    income("council", 80, "council_tax")
    if case != "net":
        income("council", 20, "pooled", "icb")
    outlay("icb", 200, "07.3", "trust", transfer_kind="purchase")
    outlay("icb", 60, "07.2")
    outlay("icb", 20, "07.3")
    outlay("icb", 20, "10.2", "council", transfer_kind="pooled", funding_route="pooled")
    income("icb", 300, "nhs_allocation")
    outlay("trust", 150, "07.3", economic_type="pay")
    outlay("trust", 60, "07.3")
    income("trust", 200, "nhs_contract", "icb")
    income("trust", 10, "nhs_contract", counterparty_name="Another ICB")
    outlay("fire", 22, "03.2")
    income("fire", 12, "precept_levy", "council")
    income("fire", 10, "unringfenced_grant")
    outlay("jobcentre", 150, "10.5", economic_type="benefit_transfer", discretion="entitlement")
    outlay("jobcentre", 5, "10.5")
    income("jobcentre", 155, "benefit_payment")


def _overlap_case(warehouse: Warehouse) -> None:
    for place, is_pooled in (("X99000010", False), ("X99000011", True)):
        _place(warehouse, place, f"Overlap {place}")
        for body, amount in (("c", "3.0"), ("i", "2.0"), ("f", "0.5")):
            agency = f"overlap-{body}-{place.lower()}"
            _register(warehouse, agency, f"Overlap {body} {place}", "la_unitary", place)
            pooled = is_pooled and body == "i"
            warehouse.add(
                "lake.count",
                {
                    "agency_slug": agency,
                    "financial_year": YEAR,
                    "place_code": place,
                    "flow": "outlay",
                    # Three depths in one branch: the cell is the shortest code used.
                    "service_code": {"c": "07.3", "i": "07.3.1", "f": "07.3.2"}[body],
                    "discretion": "local" if body == "f" else "entitlement",
                    "amount_gbp": Decimal(amount) * MILLION,
                    "transfer_kind": "pooled" if pooled else None,
                    "counterparty_agency": f"overlap-c-{place.lower()}" if pooled else None,
                },
            )


def _apportionment_case(warehouse: Warehouse) -> None:
    """A county over three equal districts, one of which it pays; a driver that leaves a rest; no place at all."""
    districts = ("X99000021", "X99000022", "X99000023")
    for code in districts:
        _place(warehouse, code, f"District {code}", 1000)
    _register(warehouse, "thirds-county", "Thirds County", "la_upper", *districts)
    _register(warehouse, "thirds-district", "Thirds District", "la_lower", districts[1])
    _register(warehouse, "rest-body", "Rest Body", "arms_length_body", districts[0], weight="0.25", driver="service")
    _register(warehouse, "placeless-body", "Placeless Body", "central_department")
    common = {"financial_year": YEAR, "flow": "outlay", "service_code": "01"}
    warehouse.add(
        "lake.count",
        {"agency_slug": "thirds-county", "amount_gbp": Decimal("100.00"), **common},
        {"agency_slug": "thirds-county", "amount_gbp": Decimal("-0.05"), "capital_or_revenue": "capital", **common},
        {
            "agency_slug": "thirds-county",
            "amount_gbp": Decimal("30.00"),
            "counterparty_agency": "thirds-district",
            "transfer_kind": "grant",
            **common,
        },
        {"agency_slug": "thirds-district", "amount_gbp": Decimal("45.00"), **common},
        {"agency_slug": "rest-body", "amount_gbp": Decimal("10.01"), **common},
        {"agency_slug": "placeless-body", "amount_gbp": Decimal("7.77"), **common},
    )


def _ledger_case(warehouse: Warehouse) -> None:
    """A borough like Hyndburn: accounts count, the ledger explains; and one whose ledger is all there is."""
    place = "X99000031"
    _place(warehouse, place, "Ledger district", 50000)
    _register(warehouse, "ledger-borough", "Ledger Borough Council", "la_lower", place)
    _register(warehouse, "ledger-only-borough", "Ledger Only Borough Council", "la_lower", place)
    _register(warehouse, "ledger-county", "Ledger County Council", "la_upper", place)
    _register(warehouse, "ledger-police", "Ledger Police and Crime Commissioner", "police", place)
    for agency in ("ledger-borough", "ledger-only-borough"):
        for pattern, receiver in (
            ("^police\\b.*\\bprecept", "ledger-police"),
            ("^(lcc|county)\\b.*\\bp[a-z]*r?e?c[a-z]*pt", "ledger-county"),
        ):
            warehouse.add(
                "registry.transfer_rules",
                {
                    "agency_slug": agency,
                    "field": "description",
                    "pattern": pattern,
                    "transfer_kind": "collection_on_behalf",
                    "counterparty_agency": receiver,
                    "grade": "A",
                },
            )
        county, police = "LEDGER COUNTY COUNCIL (200398)", "Ledger Police & Crime Commissioner"
        lines = (
            (county, "LCC Ctax Pecept Apr 24", "1000.10", "2024-04-10"),
            (county, "Police CT Precept Apr 24", "200.20", "2024-04-10"),
            (county, "Local land searches", "30.30", "2024-05-01"),
            (police, "Rent of a room", "5.05", "2024-05-02"),
            ("Ledger Borough Council" if agency == "ledger-borough" else "Nobody & Co Ltd", "Recharge", "7.00", None),
            ("J Smith", "Window", "12.34", "2024-06-01"),
            ("REDACTED PERSONAL DATA", "Grant", "50.00", "2024-06-01"),
            ("ARTS AT THE OLD POLICE STATION LTD", "Grant", "60.00", "2024-06-01"),
        )
        warehouse.add(
            "lake.spend",
            *(
                {"payee_name": name, "description": words, "amount_gbp": Decimal(amount), "payment_date": day}
                for name, words, amount, day in lines
            ),
            agency_slug=agency,
            financial_year=YEAR,
        )
    # A line held because its date is wrong: the money is of the return's year, not of the year in the date.
    held = {"return_id": "r", "revision_id": "r@1", "agency_slug": "ledger-borough", "kind": "spend"}
    warehouse.add("intake.returns", {**held, "financial_year": YEAR, "status": "in_service"})
    warehouse.add("intake.suspense", {**held, "financial_year": "2034-35", "amount_gbp": Decimal("1250.00")})
    common = {"financial_year": YEAR, "flow": "outlay", "expenditure_basis": "net", "place_code": place}
    warehouse.add(
        "lake.count",
        {"agency_slug": "ledger-borough", "service_code": "05", "amount_gbp": Decimal("900.00"), **common},
        {"agency_slug": "ledger-county", "service_code": "10", "amount_gbp": Decimal("5000.00"), **common},
    )


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = Warehouse()
    for case in CASES:
        _golden_case(rows, case)
    _overlap_case(rows)
    _apportionment_case(rows)
    _ledger_case(rows)
    with built(rows, tmp_path_factory.mktemp("warehouse")) as connection:
        yield connection


def _one(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> tuple[object, ...]:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("case", "aggregate", "eliminated", "consolidated", "resources"),
    [
        ("all", 937, 232, 705, 705),
        ("no_trust", 727, 32, 695, 695),
        ("no_fire", 915, 232, 683, 683),
        ("net", 917, 212, 705, 705),
    ],
)
def test_golden_count(
    warehouse: duckdb.DuckDBPyConnection,
    case: str,
    aggregate: int,
    eliminated: int,
    consolidated: int,
    resources: int,
) -> None:
    place = PLACES[case]
    spend = _one(
        warehouse,
        "select sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp) from mart_spend_by_place where place_code = ?",
        place,
    )
    assert spend == (aggregate * MILLION, eliminated * MILLION, consolidated * MILLION)
    income = _one(
        warehouse,
        "select sum(amount_gbp) from mart_spend_by_funding_route where place_code = ? and flow = 'income' and not is_internal",
        place,
    )
    assert income == (resources * MILLION,)
    outlay = _one(
        warehouse,
        "select sum(amount_gbp) from mart_spend_by_funding_route where place_code = ? and flow = 'outlay'",
        place,
    )
    assert outlay == (consolidated * MILLION,)
    themes = _one(
        warehouse,
        "select sum(attributed_gbp) from mart_spend_by_theme where place_code = ? and theme_scheme = 'total_place'",
        place,
    )
    assert themes == (consolidated * MILLION,)
    balance = _one(
        warehouse,
        "select resources_in_gbp, reserves_and_unexplained_gbp from mart_resources where place_code = ?",
        place,
    )
    assert balance == (resources * MILLION, Decimal("0.00"))


def test_both_sides_of_an_elimination_agree(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select transfer_kind, payer_amount_gbp, payee_amount_gbp, mismatch_gbp, treatment, reason, eliminated_gbp"
        " from mart_eliminations where place_code = ? order by transfer_kind",
        [PLACES["all"]],
    ).fetchall()
    assert rows == [
        (kind, gbp * MILLION, gbp * MILLION, Decimal("0.00"), "eliminated", reason, gbp * MILLION)
        for kind, gbp, reason in (
            ("collection_on_behalf", 12, "collected_for_fire-all"),
            ("pooled", 20, "payee_inside_perimeter"),
            ("purchase", 200, "payee_inside_perimeter"),
        )
    ]


def test_without_the_trust_its_contract_stays(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = _one(
        warehouse,
        "select treatment, reason, eliminated_gbp, payee_amount_gbp from mart_eliminations"
        " where place_code = ? and payee_agency = 'trust-no-trust'",
        PLACES["no_trust"],
    )
    assert row == ("stays", "payee_not_returned", Decimal("0.00"), None)


def test_without_fire_the_precept_is_shown_as_received_by_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = _one(
        warehouse,
        "select eliminated_gbp, reason from mart_eliminations where place_code = ? and payee_agency = 'fire-no-fire'",
        PLACES["no_fire"],
    )
    assert row == (12 * MILLION, "received by fire-no-fire, spending not returned")
    passed_on = _one(
        warehouse,
        "select amount_gbp, is_internal from mart_spend_by_funding_route where place_code = ? and income_entry = 'passed_on'",
        PLACES["no_fire"],
    )
    assert passed_on == (-12 * MILLION, False)


def test_a_receipt_netted_off_is_listed_with_nothing_eliminated(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = _one(
        warehouse,
        "select payer_amount_gbp, eliminated_gbp, treatment, reason from mart_eliminations"
        " where place_code = ? and transfer_kind = 'pooled'",
        PLACES["net"],
    )
    assert row == (20 * MILLION, Decimal("0.00"), "already_netted", "already_netted")


@pytest.mark.parametrize(
    ("place", "agencies", "spend", "overlap", "rate", "hhi", "effective", "comparable", "addressable"),
    [
        ("X99000010", 3, "5.5", "2.5", 0.4545, 0.4380, 2.283, 0.8430, "0.5"),
        ("X99000011", 2, "3.5", "0.5", 0.1429, 0.7551, 1.324, 0.4898, "0.5"),
    ],
)
def test_worked_overlap(
    warehouse: duckdb.DuckDBPyConnection,
    place: str,
    agencies: int,
    spend: str,
    overlap: str,
    rate: float,
    hhi: float,
    effective: float,
    comparable: float,
    addressable: str,
) -> None:
    for scope in ("A-B", "all"):
        row = _one(
            warehouse,
            "select cell_code, code_level, agency_count, spend_gbp, overlap_gbp, overlap_rate, hhi,"
            " effective_agency_count, comparable_fragmentation, addressable_gbp, is_material"
            " from mart_duplication_overlap where place_code = ? and grade_scope = ? and theme_scheme = 'total_place'",
            place,
            scope,
        )
        assert row[:5] == ("07.3", 2, agencies, Decimal(spend) * MILLION, Decimal(overlap) * MILLION)
        assert row[5:9] == tuple(pytest.approx(value, abs=6e-4) for value in (rate, hhi, effective, comparable))
        assert row[9:] == (Decimal(addressable) * MILLION, True)


def test_thirds_lose_no_penny_and_keep_their_sign(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select capital_or_revenue, place_code, method_grade, aggregate_gbp from mart_spend_by_place"
        " where agency_slug = 'thirds-county' order by all"
    ).fetchall()
    assert rows == [
        ("capital", "X99000021", "D", Decimal("-0.02")),
        ("capital", "X99000022", "D", Decimal("-0.02")),
        ("capital", "X99000023", "D", Decimal("-0.01")),
        ("revenue", "X99000021", "D", Decimal("33.34")),
        ("revenue", "X99000022", "B", Decimal("30.00")),
        ("revenue", "X99000022", "D", Decimal("33.33")),
        ("revenue", "X99000023", "D", Decimal("33.33")),
    ]


def test_a_payee_of_one_place_takes_the_payment_there_and_it_is_eliminated(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    row = _one(
        warehouse,
        "select place_code, eliminated_gbp, reason from mart_eliminations where payer_agency = 'thirds-county'",
    )
    assert row == ("X99000022", Decimal("30.00"), "payee_inside_perimeter")


def test_what_has_no_driver_stays_unallocated(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select agency_slug, place_code, method_grade, consolidated_gbp, consolidated_per_head_gbp, population_reason"
        " from mart_spend_by_place where agency_slug in ('rest-body', 'placeless-body') order by all"
    ).fetchall()
    assert rows == [
        ("placeless-body", "UNALLOCATED", "E", Decimal("7.77"), None, "not a place"),
        ("rest-body", "UNALLOCATED", "E", Decimal("7.51"), None, "not a place"),
        ("rest-body", "X99000021", "C", Decimal("2.50"), Decimal("0.00"), None),
    ]


def test_a_missing_agency_is_a_row_without_money(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = _one(
        warehouse,
        "select aggregate_gbp, consolidated_gbp, coverage_status from mart_spend_by_place where agency_slug = 'ledger-police'",
    )
    assert row == (None, None, "missing")


def test_the_ledger_explains_and_never_adds(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select kind, is_counting_layer, amount_gbp, passed_on_gbp, round(explained_share, 4) from mart_layer_comparison"
        " where agency_slug = 'ledger-borough' order by kind"
    ).fetchall()
    # Of the ledger 1,200.30 is precepts and 7.00 a recharge inside the body: 157.69 of it explains the 900.00.
    assert rows == [
        ("count", True, Decimal("900.00"), Decimal("0.00"), 1.0),
        ("spend", False, Decimal("1364.99"), Decimal("1207.30"), 0.1752),
    ]
    assert _one(warehouse, "select sum(aggregate_gbp) from mart_spend_by_place where agency_slug = 'ledger-borough'") == (
        Decimal("900.00"),
    )
    seen = warehouse.execute(
        "select payee_agency, transfer_kind, payer_amount_gbp, eliminated_gbp, reason, place_code"
        " from mart_eliminations where payer_agency = 'ledger-borough' order by all"
    ).fetchall()
    not_counted = ("layer_does_not_count", "NOT_ALLOCATED")
    assert seen == [
        ("ledger-borough", "recharge", Decimal("7.00"), Decimal("0.00"), *not_counted),
        ("ledger-county", "collection_on_behalf", Decimal("1000.10"), Decimal("0.00"), *not_counted),
        ("ledger-county", "purchase", Decimal("30.30"), Decimal("0.00"), *not_counted),
        ("ledger-police", "collection_on_behalf", Decimal("200.20"), Decimal("0.00"), *not_counted),
        ("ledger-police", "purchase", Decimal("5.05"), Decimal("0.00"), *not_counted),
    ]


def test_where_the_ledger_counts_precepts_leave_and_purchases_from_a_net_account_stay(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select payee_agency, transfer_kind, treatment, reason, eliminated_gbp from mart_eliminations"
        " where payer_agency = 'ledger-only-borough' order by all"
    ).fetchall()
    assert rows == [
        ("ledger-county", "collection_on_behalf", "eliminated", "collected_for_ledger-county", Decimal("1000.10")),
        ("ledger-county", "purchase", "already_netted", "already_netted", Decimal("0.00")),
        (
            "ledger-police",
            "collection_on_behalf",
            "eliminated",
            "received by ledger-police, spending not returned",
            Decimal("200.20"),
        ),
        ("ledger-police", "purchase", "stays", "payee_not_returned", Decimal("0.00")),
    ]
    coverage = _one(
        warehouse,
        "select coverage_status, months_expected, months_present, is_partial from mart_coverage"
        " where agency_slug = 'ledger-only-borough'",
    )
    assert coverage == ("ledger_only", 12, 3, True)


def test_held_money_is_seen_in_the_year_of_its_return(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute("select agency_slug, suspense_gbp from mart_coverage where suspense_gbp <> 0").fetchall()
    assert rows == [("ledger-borough", Decimal("1250.00"))]


def test_no_name_of_a_person_reaches_a_mart(warehouse: duckdb.DuckDBPyConnection) -> None:
    names = {row[0] for row in warehouse.execute("select supplier_name from dim_supplier").fetchall()}
    assert names == {
        None,
        "LEDGER COUNTY COUNCIL (200398)",
        "Ledger Police & Crime Commissioner",
        "Ledger Borough Council",
        "Nobody & Co Ltd",
        "ARTS AT THE OLD POLICE STATION LTD",
    }
    classes = dict(warehouse.execute("select payee_class, count(*) from dim_supplier group by 1").fetchall())
    assert classes == {"public_body": 3, "company": 2, "redacted": 1, "unclassified": 1}


def test_money_is_conserved(warehouse: duckdb.DuckDBPyConnection) -> None:
    count, broken = _one(warehouse, "select count(*), count(*) filter (where difference_gbp <> 0) from qa_conservation")
    assert count and broken == 0
    flows = _one(warehouse, "select sum(amount_gbp) from fct_flow where is_counting_layer and flow = 'outlay'")
    placed = _one(warehouse, "select sum(aggregate_gbp) from mart_spend_by_place")
    assert flows == placed
