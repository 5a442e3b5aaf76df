"""Laws that hold for any returns: conservation, the bounds of overlap, and the same answer whatever the order of rows.

One warehouse of invented rows (seeded), built twice, the second time with every row in another order.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import programme_laws
import pytest
import supplier_laws
from warehouse_harness import Warehouse, built

YEARS = ("2022-23", "2024-25")
PLACES = tuple(f"X9910000{number}" for number in range(1, 6))
AREAS = {"LAW-WEST": PLACES[:3], "LAW-EAST": PLACES[2:], "LAW-ALL": PLACES}
# Shipped codes that ended or began between the two years, and one recoded long before.
CHANGED = {
    "2022-23": ("E07000026", "E07000027", "E07000187", "E07000246", "E08000037"),
    "2024-25": ("E06000063", "E06000064", "E06000066", "E08000037"),
}
AGENCIES = tuple(f"law-agency-{letter}" for letter in "abcdefghij")
SERVICES = ("01", "03.1", "07", "07.3", "07.3.1", "09.1", "09.2.1", "10", "10.2", "10.4", None)
KINDS = (None, None, None, "purchase", "grant", "pooled", "recharge", "collection_on_behalf", "tax")
ROUTES = ("unknown", "council_tax", "pooled", "nhs_allocation", "unringfenced_grant", "precept_levy")
MARTS = (
    "mart_spend_by_place",
    "mart_spend_by_area",
    "mart_spend_by_place_restated",
    "mart_spend_by_theme",
    "mart_spend_by_funding_route",
    "mart_funding_paths",
    "mart_funding_streams",
    "mart_duplication_overlap",
    "mart_overlap_pairs",
    "mart_overlap_by_theme",
    "mart_overlap_trend",
    "mart_eliminations",
    "mart_coverage",
    "mart_coverage_by_month",
    "mart_layer_comparison",
    "mart_resources",
    "mart_statement",
    "qa_conservation",
    "qa_classification",
    "qa_classification_rule_hits",
    "qa_unclassified",
    "qa_whole_place",
    "fct_flow",
    "dim_supplier",
    *programme_laws.MARTS,
    *supplier_laws.MARTS,
)


def _rows(seed: int, shuffle: int | None) -> Warehouse:
    chance = random.Random(seed)
    warehouse = Warehouse()
    for number, place in enumerate(PLACES):
        warehouse.add("registry.places", {"place_code": place, "place_name": place, "place_type": "unitary"})
        population = {"place_code": place, "vintage": "census_2021", "reference_year": "2021", "source": "invented"}
        warehouse.add("registry.populations", {**population, "population_count": str(1000 + 337 * number)})
    for number, agency in enumerate(AGENCIES):
        kind = "dwp" if number == 9 else "la_upper"  # the last makes no account: its money is taken to come by one route
        warehouse.add("registry.agencies", {"agency_slug": agency, "agency_name": f"Law Body {number}", "agency_type": kind})
        # The first serves nobody in particular, some one place, some several, one by stated weights that leave a rest.
        for place in chance.sample(PLACES, number % 5):
            weight = "0.3" if number == 7 and place < PLACES[2] else None
            link = {"agency_slug": agency, "place_code": place, "driver": "population", "weight": weight}
            warehouse.add("registry.agency_places", link)
    for slug in ("law-changed-a", "law-changed-b"):
        warehouse.add("registry.agencies", {"agency_slug": slug, "agency_name": slug, "agency_type": "la_upper"})
    for area, places in AREAS.items():
        warehouse.add("registry.areas", *({"area_code": area, "area_name": area, "place_code": place} for place in places))
    counts: list[dict[str, object]] = []
    for number in range(600):
        kind = chance.choice(KINDS)
        counts.append(
            {
                "flow_id": f"count-{number}",
                "agency_slug": chance.choice(AGENCIES[:8]),
                "financial_year": chance.choice(YEARS),
                "flow": chance.choice(("outlay", "outlay", "outlay", "income")),
                "place_code": chance.choice((None, None, *PLACES)),
                "service_code": chance.choice(SERVICES),
                "expenditure_basis": chance.choice(("gross", "gross", "net")),
                "capital_or_revenue": chance.choice(("revenue", "revenue", "capital")),
                "funding_route": chance.choice(ROUTES),
                "discretion": chance.choice((None, "local", "entitlement", "ringfenced")),
                "transfer_kind": kind,
                "counterparty_agency": chance.choice(AGENCIES) if kind or chance.random() < 0.1 else None,
                "amount_gbp": Decimal(chance.randint(-200000, 1000000)) / 100,
            }
        )
    counts += _changed(random.Random(seed + 1))
    spends: list[dict[str, object]] = [
        {
            "flow_id": f"spend-{number}",
            "agency_slug": chance.choice(AGENCIES[6:]),
            "financial_year": YEARS[1],
            "payment_date": f"2024-{chance.randint(4, 12):02d}-{chance.randint(1, 28):02d}",
            "payee_name": chance.choice(("LAW BODY 3", "Law Body 5 (123)", "Some Firm Ltd", "A Person", None)),
            "description": "words",
            "amount_gbp": Decimal(chance.randint(-50000, 500000)) / 100,
        }
        for number in range(300)
    ]
    bought = random.Random(seed + 2)  # apart, so that the rest of the money stays as it is
    for row in spends:
        row["expense_type"] = bought.choice(
            (None, "Petrol", "Computer Software", "Computer Hardware", "Utilities", "Gas", "Business Rates")
        )
    if shuffle is not None:
        random.Random(shuffle).shuffle(counts)
        random.Random(shuffle).shuffle(spends)
    warehouse.add("lake.count", *(row | {"row_number": 1, "cell_ref": "A1"} for row in counts))
    warehouse.add("lake.spend", *(row | {"row_number": 1, "cell_ref": "A1"} for row in spends))
    programme_laws.add(warehouse, PLACES, AGENCIES, shuffle)
    supplier_laws.add(warehouse, AGENCIES[6:], shuffle)
    return warehouse


def _changed(chance: random.Random) -> list[dict[str, object]]:
    """Money of two bodies at places that changed, some of it paid by one to the other."""
    return [
        {
            "flow_id": f"{slug}-{year}-{number}",
            "agency_slug": slug,
            "financial_year": year,
            "flow": "outlay",
            "place_code": chance.choice(places),
            "expenditure_basis": "gross",
            "capital_or_revenue": "revenue",
            "funding_route": "unknown",
            "transfer_kind": kind,
            "counterparty_agency": other if kind else None,
            "amount_gbp": Decimal(chance.randint(-20000, 100000)) / 100,
        }
        for year, places in CHANGED.items()
        for slug, other in (("law-changed-a", "law-changed-b"), ("law-changed-b", "law-changed-a"))
        for number in range(40)
        for kind in (chance.choice((None, "purchase", "collection_on_behalf")),)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@pytest.fixture(scope="module")
def warehouse(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    first = folder / "first"
    first.mkdir()
    with built(_rows(7, None), first) as connection:
        yield connection


def _none(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    rows = connection.execute(query).fetchall()
    assert rows == []


def test_every_identity_holds(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(warehouse, "select * from qa_conservation where difference_gbp <> 0")
    _none(warehouse, "select * from mart_spend_by_place where consolidated_gbp <> aggregate_gbp - eliminated_gbp")


def test_lines_added_up_are_the_lines(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Whatever sums reads added-up lines; whatever shows a line reads the lines. Both are one money, column by column."""
    columns = [name for (name, *_) in warehouse.execute("describe int_flow__unioned").fetchall()]
    added_up = {name for (name, *_) in warehouse.execute("describe int_flow__sums").fetchall()}
    of_a_line = {"amount_gbp", "amount_as_filed_gbp", "payment_date", "counterparty_name", "payee_key"}
    shared = ", ".join(sorted(added_up.intersection(columns) - of_a_line))
    lines = (
        f"select {shared}, count(*)::bigint as n, sum(amount_gbp) as gbp, sum(abs(amount_gbp)) as absolute from int_flow__unioned"
    )
    sums = (
        f"select {shared}, sum(line_count)::bigint as n, sum(amount_gbp) as gbp, sum(absolute_gbp) as absolute from int_flow__sums"
    )
    _none(warehouse, f"({lines} group by all except all {sums} group by all)")
    _none(warehouse, f"({sums} group by all except all {lines} group by all)")


def test_each_payment_is_divided_without_loss(warehouse: duckdb.DuckDBPyConnection) -> None:
    flows = warehouse.execute(
        "select agency_slug, financial_year, sum(amount_gbp) from fct_flow"
        " where is_counting_layer and flow = 'outlay' group by all order by all"
    ).fetchall()
    placed = warehouse.execute(
        "select agency_slug, financial_year, sum(aggregate_gbp) from mart_spend_by_place"
        " where aggregate_gbp is not null group by all order by all"
    ).fetchall()
    assert flows
    net_credits = warehouse.execute(
        "select agency_slug, financial_year, net_credit_gbp from mart_statement where net_credit_gbp <> 0"
    ).fetchall()
    received = {(agency, year): gbp for agency, year, gbp in net_credits}
    outlays = {(a, y): gbp - received.get((a, y), 0) for a, y, gbp in flows}
    assert {(a, y): gbp for a, y, gbp in placed if gbp} == {pair: gbp for pair, gbp in outlays.items() if gbp}


def test_nothing_negative_is_eliminated(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(warehouse, "select * from mart_spend_by_place where eliminated_gbp < 0")
    _none(warehouse, "select * from mart_eliminations where eliminated_gbp < 0")
    net_credits = warehouse.execute("select count(*) from mart_eliminations where reason = 'net_credit'").fetchone()
    assert net_credits is not None and net_credits[0] > 0


def test_every_statement_adds_up(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Worked out from the published tables alone: flows, spend, eliminations, income."""
    _none(
        warehouse,
        """
        select * from mart_statement
        where accepted_gbp <> consolidated_gbp + eliminated_gbp + net_credit_gbp + income_gbp + not_counted_gbp + subtotal_gbp
            or resources_in_gbp - consolidated_gbp <> change_in_reserves_gbp + unexplained_gbp
        """,
    )
    for column, query in {
        "accepted_gbp": "select agency_slug, financial_year, sum(amount_gbp) from fct_flow group by all",
        "not_counted_gbp": "select agency_slug, financial_year, sum(amount_gbp) from fct_flow"
        " where not is_counting_layer and flow in ('outlay', 'income') group by all",
        "eliminated_gbp": "select payer_agency, financial_year, sum(eliminated_gbp) from mart_eliminations group by all",
        "resources_in_gbp": "select agency_slug, financial_year, sum(amount_gbp) from mart_spend_by_funding_route"
        " where flow = 'income' and not is_internal group by all",
    }.items():
        stated = warehouse.execute(f"select agency_slug, financial_year, {column} from mart_statement").fetchall()
        published = warehouse.execute(query).fetchall()
        assert {row[:2]: row[2] for row in stated if row[2]} == {row[:2]: row[2] for row in published if row[2]}, column


def test_an_area_is_its_places_less_the_transfers_inside_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    """consolidated(area) = outlays of its places - what left in them - what one of its bodies paid another across a border."""
    for area, places in AREAS.items():
        marks = ", ".join("?" for _ in places)
        whole = warehouse.execute(
            "select agency_slug, financial_year, sum(aggregate_gbp), sum(eliminated_gbp - internal_to_area_gbp),"
            " sum(consolidated_gbp + internal_to_area_gbp) from mart_spend_by_area"
            " where area_code = ? and aggregate_gbp <> 0 group by all order by all",
            [area],
        ).fetchall()
        parts = warehouse.execute(
            "select agency_slug, financial_year, sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp)"
            f" from mart_spend_by_place where place_code in ({marks}) and aggregate_gbp <> 0 group by all order by all",
            [*places],
        ).fetchall()
        assert whole and whole == parts
    _none(warehouse, "select * from mart_spend_by_area where consolidated_gbp <> aggregate_gbp - eliminated_gbp")


def test_what_leaves_an_area_beside_its_places_is_paid_to_a_body_of_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Nothing negative leaves, so an area never spends more than its places; here some of it does leave."""
    _none(
        warehouse,
        "select area_code, financial_year, agency_slug from mart_spend_by_area group by all having sum(internal_to_area_gbp) < 0",
    )
    expected = warehouse.execute(
        """
        with paid as (
            select areas.area_code, e.financial_year, e.agency_slug, e.counterparty_agency, sum(e.amount_pence) as pence
            from int_count__treated as e
            inner join (select distinct area_code, place_code from dim_area) as areas on e.place_code = areas.place_code
            where e.reason = 'payee_outside_perimeter' and e.reason_inside = 'payee_inside_perimeter'
                and e.counterparty_agency in (
                    select agency_slug from mart_spend_by_area as a
                    where a.area_code = areas.area_code and a.financial_year = e.financial_year
                )
            group by areas.area_code, e.financial_year, e.agency_slug, e.counterparty_agency, e.transfer_kind,
                e.funding_route, e.funding_stream, e.capital_or_revenue, e.expenditure_basis, e.place_basis, e.method_grade
            having sum(e.amount_pence) >= 0
        )
        select area_code, financial_year, sum(pence) from paid where starts_with(area_code, 'LAW') group by all order by all
        """
    ).fetchall()
    found = warehouse.execute(
        "select area_code, financial_year, cast(sum(internal_to_area_gbp) * 100 as hugeint) from mart_spend_by_area"
        " where starts_with(area_code, 'LAW') group by all having sum(internal_to_area_gbp) <> 0 order by all"
    ).fetchall()
    assert found and found == expected


def test_restated_places_hold_every_pound_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    was = warehouse.execute(
        "select agency_slug, financial_year, sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp)"
        " from mart_spend_by_place where aggregate_gbp is not null group by all order by all"
    ).fetchall()
    for geography in ("as_is_now", "as_first_was"):
        restated = warehouse.execute(
            "select agency_slug, financial_year, sum(aggregate_gbp), sum(eliminated_gbp - newly_internal_gbp),"
            " sum(consolidated_gbp + newly_internal_gbp) from mart_spend_by_place_restated"
            " where geography = ? and aggregate_gbp is not null group by all order by all",
            [geography],
        ).fetchall()
        assert restated == was
    _none(
        warehouse,
        "select * from mart_spend_by_place_restated where aggregate_gbp <> 0 and place_code in"
        " (select case geography when 'as_is_now' then from_place_code else to_place_code end from stg_registry__place_changes)",
    )


def test_weights_of_an_agency_sum_to_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    """UNALLOCATED included, so that what no driver places is seen."""
    _none(
        warehouse,
        "select agency_slug, financial_year from int_agency__place_weights group by all"
        " having sum(weight_units) <> min(total_units) or min(total_units) <> max(total_units) or min(weight_units) <= 0",
    )
    _none(warehouse, "select * from int_agency__place_weights where (place_code = 'UNALLOCATED') <> (method_grade = 'E')")


def test_exactly_one_layer_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(
        warehouse,
        "select agency_slug, financial_year from mart_layer_comparison group by all"
        " having count(*) filter (where is_counting_layer) <> 1",
    )
    both = warehouse.execute("select count(*) from mart_layer_comparison where not is_counting_layer").fetchone()
    assert both is not None and both[0] > 0


def test_bounds_of_overlap(warehouse: duckdb.DuckDBPyConnection) -> None:
    slack = 1e-12
    _none(
        warehouse,
        f"""
        select * from mart_duplication_overlap
        where agency_count > 0 and not (
            overlap_rate between 0 and 1 - 1.0 / agency_count + {slack}
            and hhi between 1.0 / agency_count - {slack} and 1 + {slack}
            and overlap_rate <= 1 - hhi + {slack}
            and (agency_count > 1 or overlap_gbp = 0)
            and addressable_gbp between 0 and overlap_gbp
            and (comparable_fragmentation is null) = (agency_count < 2)
            and coalesce(comparable_fragmentation, 0) between -{slack} and 1 + {slack}
        )
        """,
    )
    several = "select distinct lens from mart_duplication_overlap where agency_count > 1 order by 1"
    assert warehouse.execute(several).fetchall() == [("purchase_category",), ("service",)]


def test_cells_hold_all_classified_money(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Spend of the cells less what was floored is the consolidated money that carries a code, scope all."""
    cells = warehouse.execute(
        "select theme_scheme, sum(spend_gbp - floored_gbp) from mart_duplication_overlap where grade_scope = 'all'"
        " and lens = 'service' group by 1"
    ).fetchall()
    money = warehouse.execute(
        "select theme_scheme, sum(attributed_gbp) from mart_spend_by_theme"
        " where is_additive and classification_grade <> 'unclassified' and place_code <> 'UNALLOCATED' group by 1"
    ).fetchall()
    assert cells and cells == money


def test_every_purchase_is_placed_once_and_compared_or_eliminated(warehouse: duckdb.DuckDBPyConnection) -> None:
    lines = warehouse.execute(
        "select agency_slug, sum(amount_gbp) from fct_flow where purchase_category not like 'not_a_purchase%' group by 1 order by 1"
    ).fetchall()
    placed = warehouse.execute(
        "select agency_slug, (sum(purchase_pence) * 0.01)::decimal(18, 2) from int_overlap__purchases group by 1 order by 1"
    ).fetchall()
    assert lines and lines == placed
    cells = warehouse.execute(
        "select sum(spend_gbp - floored_gbp) from mart_duplication_overlap where grade_scope = 'all' and lens = 'purchase_category'"
    ).fetchone()
    kept = warehouse.execute(
        "select (sum(purchase_pence) * 0.01)::decimal(18, 2) from int_overlap__purchases"
        " where place_code <> 'UNALLOCATED' and treatment <> 'eliminated'"
    ).fetchone()
    assert cells is not None and cells == kept


def test_years_are_compared_only_with_the_same_agencies(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(
        warehouse,
        "select * from mart_overlap_trend where is_comparable <> (overlap_change_gbp is not null)"
        " or (not is_comparable and overlap_rate_change is not null)"
        " or (comparability = 'no_year_before') <> (previous_financial_year is null)",
    )
    _none(
        warehouse,
        "select lens, place_code, covered_agencies from mart_overlap_trend as now where is_comparable and not exists ("
        " select 1 from mart_overlap_trend as before where before.lens = now.lens and before.place_code = now.place_code"
        " and before.financial_year = now.previous_financial_year and before.covered_agencies = now.covered_agencies)",
    )


def test_a_partition_themes_each_pound_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(
        warehouse,
        "select service_code, theme_scheme from int_count__service_themes where is_partition group by all"
        " having sum(weight_units) <> 1000000000000 or min(weight_units) <= 0 or any_value(total_units) <> sum(weight_units)",
    )
    themed = warehouse.execute(
        "select theme_scheme, place_code, financial_year, sum(attributed_gbp) from mart_spend_by_theme where is_additive"
        " group by all having sum(attributed_gbp) <> 0 order by all"
    ).fetchall()
    spent = warehouse.execute(
        "select 'total_place', place_code, financial_year, sum(consolidated_gbp) from mart_spend_by_place"
        " group by all having sum(consolidated_gbp) <> 0 order by all"
    ).fetchall()
    assert themed and themed == spent


def test_a_tag_scheme_shows_its_ratio(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(
        warehouse,
        """
        with spent as (
            select place_code, financial_year, sum(consolidated_gbp) as gbp from mart_spend_by_place group by all
        )
        select place_code, financial_year, theme_scheme
        from mart_spend_by_theme inner join spent using (place_code, financial_year)
        where not is_additive and gbp <> 0
        group by all
        having abs(sum(attributed_gbp) / any_value(gbp) - any_value(sum_over_total_ratio)) > 1e-9
        """,
    )


def test_every_outlay_is_graded(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(
        warehouse,
        "select * from fct_flow where (service_code is null) <> (classification_grade = 'unclassified')"
        " or (service_rule_id is not null) <> (classification_grade in ('mapped', 'keyword') and kind <> 'service_expenditure')",
    )
    lines = warehouse.execute("select sum(line_count) from qa_classification where kind <> 'grants'").fetchone()
    outlays = warehouse.execute("select count(*) from fct_flow where flow = 'outlay'").fetchone()
    assert lines == outlays


def test_always_eliminated_kinds_never_stay(warehouse: duckdb.DuckDBPyConnection) -> None:
    _none(
        warehouse,
        "select * from mart_eliminations where is_counting_layer and treatment <> 'not_recorded_by_payer'"
        " and (transfer_kind in ('collection_on_behalf', 'tax')"
        " or transfer_kind = 'recharge' and coalesce(payee_agency, payer_agency) = payer_agency)"
        " and treatment not in ('eliminated', 'received')",
    )
    _none(warehouse, "select * from mart_eliminations where treatment <> 'eliminated' and eliminated_gbp <> 0")


def test_funding_paths_balance(warehouse: duckdb.DuckDBPyConnection) -> None:
    """What runs into a route, an agency or a mode runs out of it, and what balances the agencies of a place is what its
    resources leave unexplained."""
    _none(
        warehouse,
        """
        with ends as (
            select place_code, financial_year, target_node as node, amount_gbp from mart_funding_paths
            union all
            select place_code, financial_year, source_node, -amount_gbp from mart_funding_paths
        )
        select place_code, financial_year, node, sum(amount_gbp) from ends where regexp_matches(node, '^(route|agency|mode): ')
        group by all having sum(amount_gbp) <> 0
        """,
    )
    _none(warehouse, "select * from mart_funding_paths where amount_gbp <= 0")
    _none(
        warehouse,
        """
        with balances as (
            select place_code, financial_year, sum(
                case
                    when step = 'balance' and target_node like 'balance: %' then amount_gbp
                    when step = 'balance' or (step = 'origin_to_route' and is_assumed) then -amount_gbp
                    else 0
                end
            ) as balance_gbp
            from mart_funding_paths group by all
        )
        select * from mart_resources full join balances using (place_code, financial_year)
        where coalesce(reserves_and_unexplained_gbp, 0) <> coalesce(balance_gbp, 0)
        """,
    )
    steps = {row[0] for row in warehouse.execute("select distinct step from mart_funding_paths").fetchall()}
    assert steps >= {"origin_to_route", "route_to_agency", "transfer", "passed_on", "agency_to_mode", "mode_to_payee", "balance"}


def test_no_receipt_stands_beside_two_transfers(warehouse: duckdb.DuckDBPyConnection) -> None:
    beside = warehouse.execute(
        "select payer_agency, payee_agency, financial_year, place_code, sum(payee_amount_gbp) from mart_eliminations"
        " where payee_amount_gbp is not null group by all"
    ).fetchall()
    received = {
        tuple(row[:4]): row[4]
        for row in warehouse.execute(
            "select origin, agency_slug, financial_year, place_code, sum(amount_gbp) from mart_spend_by_funding_route"
            " where income_entry = 'received' and starts_with(origin, 'law-agency') group by all"
        ).fetchall()
    }
    assert beside
    for *pair, gbp in beside:
        assert gbp == received[tuple(pair)]


@pytest.mark.parametrize("law", programme_laws.LAWS)
def test_laws_of_the_programme(law: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    table, what_breaks_it = programme_laws.LAWS[law]
    assert warehouse.execute(f"select count(*) > 0 from {table}").fetchone() == (True,)
    _none(warehouse, what_breaks_it)


@pytest.mark.parametrize("law", supplier_laws.LAWS)
def test_laws_of_shared_suppliers(law: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    table, what_breaks_it = supplier_laws.LAWS[law]
    assert warehouse.execute(f"select count(*) > 0 from {table}").fetchone() == (True,)
    _none(warehouse, what_breaks_it)


def test_the_order_of_rows_changes_nothing(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> None:
    second = folder / "second"
    second.mkdir()
    with built(_rows(7, 99), second, full_tests=False) as shuffled:
        for mart in MARTS:
            query = f"select * from {mart} order by all"
            assert warehouse.execute(query).fetchall() == shuffled.execute(query).fetchall(), mart
