"""Worked numbers of supplier overlap and the saving bound in a release, and `totalplace explain` on it."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from click.testing import CliRunner, Result
from scenarios.duplicate_payments import PLACE as DUPLICATES_PLACE
from scenarios.sharing import PLACES, SHARED, YEAR

from ingest.home import Home
from orchestration.cli.main import cli
from orchestration.explain.answer import ExplainError
from orchestration.explain.overlap import explain_overlap
from orchestration.explain.supplier import explain_supplier

pytestmark = pytest.mark.golden


def _row(release: duckdb.DuckDBPyConnection, query: str, *values: object) -> tuple[object, ...]:
    found = release.execute(query, list(values)).fetchall()
    assert len(found) == 1, found
    return found[0]


def _money(*values: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) for value in values)


def test_what_shared_suppliers_get_and_what_lies_beside_the_lead(release: duckdb.DuckDBPyConnection) -> None:
    columns = "spend_gbp, shared_gbp, non_lead_gbp, floored_gbp, public_body_gbp, individual_gbp, unresolved_gbp"
    where = "from mart_supplier_overlap_summary where place_code = ? and financial_year = ?"
    sums = _row(release, f"select {columns} {where}", PLACES[1], YEAR)
    assert sums == _money("27699.99", "16700.00", "5000.00", "500.00", "1700.00", "1800.00", "1600.00")
    words = "shared_supplier_count, agency_count, agency_types, is_range, shared_printed, non_lead_printed, matched_months"
    assert _row(release, f"select {words} {where}", PLACES[1], YEAR) == (
        3, 3, "fire, la_unitary, police", True, "60.3% to 66.1%", "18.1% to 23.8%", "2024-06",
    )  # fmt: skip


def test_suppliers_with_their_payers(release: duckdb.DuckDBPyConnection) -> None:
    found = release.execute(
        "select supplier_name, payers, payer_spend, lead_agency_slug, shared_gbp, non_lead_gbp, match_confidence"
        " from mart_supplier_overlap where place_code = ? order by shared_gbp desc",
        [PLACES[1]],
    ).fetchall()
    fleet, charity, training = found
    assert fleet[1:6] == ("sharing-council, sharing-police", '{"sharing-council": 9000.00, "sharing-police": 3000.00}',
                          "sharing-council", *_money("12000.00", "3000.00"))  # fmt: skip
    assert fleet[6] == 1.0
    assert charity[0] == "Porthleven Hospice Charity" and charity[4:6] == _money("3500.00", "1500.00")
    assert training[1] == "sharing-police, sharing-fire" and training[4:6] == _money("1200.00", "500.00")
    for *_, spends, _, shared, _, _ in found:
        assert sum(Decimal(str(value)) for value in json.loads(spends).values()) == shared


def test_who_is_no_supplier_is_counted_apart(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select supplier_class, spend_gbp, eliminated_gbp, payee_count, shared_payee_count, shared_payees"
        " from mart_supplier_overlap_excluded where place_code = ? order by supplier_class",
        [PLACES[1]],
    ).fetchall()
    assert rows == [
        ("individual", *_money("1800.00", "0.00"), 1, 1, None),
        ("public_body", *_money("1700.00", "2500.00"), 2, 1, "Kent County Council"),
        ("redacted", *_money("1600.00", "0.00"), None, None, None),
    ]


def test_the_threshold_is_on_what_is_paid_before_the_division(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select supplier_name, agency_slug, spend_gbp, paid_everywhere_gbp from mart_supplier_overlap_payers"
        " where place_code = ? order by supplier_name, payer_rank",
        [PLACES[2]],
    ).fetchall()
    assert rows == [
        ("Coverack Cranes Ltd", "sharing-town", *_money("550.00", "550.00")),
        ("Coverack Cranes Ltd", "sharing-force", *_money("360.00", "600.00")),
        ("Kynance Cleaning Ltd", "sharing-town", *_money("700.00", "700.00")),
        ("Kynance Cleaning Ltd", "sharing-force", *_money("600.00", "1000.00")),
    ]


def test_a_body_and_the_one_that_took_over_from_it_share_no_supplier(release: duckdb.DuckDBPyConnection) -> None:
    where = "where place_code = ? and financial_year = ?"
    summary = _row(
        release, f"select agency_count, shared_supplier_count from mart_supplier_overlap_summary {where}", PLACES[3], YEAR
    )
    assert summary == (3, 0)


def test_joint_buying_shows_no_money(release: duckdb.DuckDBPyConnection) -> None:
    columns = [row[0] for row in release.execute("describe mart_joint_buying").fetchall()]
    assert not [name for name in columns if name.endswith("_gbp") or "price" in name or "amount" in name]
    query = (
        "select sum(payment_count), max(supplier_payer_count) from mart_joint_buying where place_code = ? and supplier_name ilike ?"
    )
    assert _row(release, query, PLACES[1], "gunwalloe%") == (4, 2)


def test_charities_of_several_agencies(release: duckdb.DuckDBPyConnection) -> None:
    query = "select supplier_name, payer_count, shared_gbp, recognised_by from mart_third_sector_shared where place_code = ?"
    assert _row(release, query, PLACES[1]) == ("Porthleven Hospice Charity", 2, Decimal("3500.00"), "name")


@pytest.mark.parametrize("scope", ["A-B", "all"])
def test_bases_follow_one_another(release: duckdb.DuckDBPyConnection, scope: str) -> None:
    rows = release.execute(
        "select base, measured_gbp, in_earlier_base_gbp, base_gbp, saving_gbp, rate_status from mart_saving_bound"
        " where place_code = ? and agency_slug = 'sharing-second' and grade_scope = ? order by base_order",
        [PLACES[4], scope],
    ).fetchall()
    assert rows == [
        ("duplicate_excess", *_money("0.00", "0.00", "0.00"), None, "no rate is stated: the base stands alone"),
        ("supplier_non_lead", *_money("8000.00", "0.00", "8000.00", "400.00"), "rate of the user"),
        ("addressable_overlap", *_money("40000.00", "8000.00", "32000.00"), None, "the rate has no source: not used"),
    ]


def test_the_first_base_is_the_excess_of_duplicates(release: duckdb.DuckDBPyConnection) -> None:
    counted = _row(release, "select sum(excess_gbp) from mart_possible_duplicate_payments"
                   " where agency_slug like 'duplicates-%' and status <> 'rejected'")  # fmt: skip
    based = _row(
        release,
        "select sum(measured_gbp), sum(base_gbp) from mart_saving_bound"
        " where base = 'duplicate_excess' and grade_scope = 'all' and place_code = ?",
        DUPLICATES_PLACE,
    )
    assert counted[0] and based == (*counted, *counted)


def test_a_group_of_duplicates_is_explained(scenario_home: Home, release: duckdb.DuckDBPyConnection) -> None:
    group, excess = release.execute(
        "select group_id, excess_gbp from mart_possible_duplicate_payments where excess_gbp > 0 order by group_id limit 1"
    ).fetchall()[0]
    told = json.loads(_explain(scenario_home, "duplicate", group, "--json").stdout)
    assert told["arithmetic"][0].endswith(f"= {excess:,.2f} excess") and len(told["notes"]) == 1
    assert all(row["file_name"] and row["row_number"] for row in told["parts"][0]["rows"])


def test_terms_of_a_cell_add_up_to_it(release: duckdb.DuckDBPyConnection) -> None:
    key = "lens, place_code, financial_year, theme_scheme, theme_code, cell_code, expenditure_basis, grade_scope"
    assert release.execute(
        f"""
        select {key} from mart_duplication_overlap as cells
        left join (select {key}, sum(spend_gbp) as terms_gbp, max(spend_gbp) as lead_gbp from mart_duplication_overlap_agencies
            group by all) as terms using ({key})
        where coalesce(terms_gbp, 0) <> spend_gbp or coalesce(terms_gbp - lead_gbp, 0) <> overlap_gbp"""
    ).fetchall() == []  # fmt: skip


def test_an_explained_supplier_shows_its_lines_and_its_sum(release: duckdb.DuckDBPyConnection) -> None:
    found = explain_supplier(release, "r", SHARED.lower(), PLACES[1], YEAR)
    (sentence,) = found.arithmetic
    assert "9,000.00 + 3,000.00 = 12,000.00 shared; less 9,000.00 of sharing-council = 3,000.00" in sentence
    lines = found.parts[-1]
    assert sum(row["amount_gbp"] for row in lines.rows) == Decimal("12000.00") and lines.more == 0
    assert {row["file_name"] for row in lines.rows} == {f"sharing-{body}/june 2024.csv" for body in ("council", "police")}
    assert all(row["row_number"] and row["cell_ref"] for row in lines.rows)


def test_an_explained_overlap_shows_its_cells_and_lines(release: duckdb.DuckDBPyConnection) -> None:
    found = explain_overlap(release, "r", PLACES[4], YEAR)
    assert any("100,000.00 + 40,000.00 = 140,000.00; less the lead's 100,000.00 = 40,000.00" in line for line in found.arithmetic)
    theme = found.parts[0].rows[0]["theme_code"]
    assert explain_overlap(release, "r", PLACES[4], YEAR, theme).arithmetic[0] == found.arithmetic[0]
    assert {row["file_name"] for row in found.parts[-1].rows} == {f"sharing-{b}/count/{YEAR}.csv" for b in ("lead", "second")}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["overlap", "Nowhere", YEAR], "no place or area 'Nowhere'"),
        (["overlap", PLACES[4], "1999-00"], "it has 2024-25"),
        (["overlap", PLACES[4], "last year"], "is not a financial year"),
        (["overlap", PLACES[4], YEAR, "fishing"], "'fishing'"),
        (["supplier", "Nobody At All Ltd"], "names no supplier"),
        (["supplier", "0" * 32], "no supplier with the id"),
        (["supplier", "ltd"], "give the id"),
        (["supplier", SHARED, "--year", "2019-20"], "it has 2024-25"),
        (["duplicate", "no-such-group"], "possible duplicate payments"),
    ],
)
def test_what_cannot_be_explained_is_said_in_a_line(scenario_home: Home, arguments: list[str], words: str) -> None:
    result = _explain(scenario_home, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_printed_and_as_json(scenario_home: Home) -> None:
    printed = _explain(scenario_home, "supplier", SHARED)
    assert printed.exit_code == 0 and "Arithmetic" in printed.stdout and "june 2024.csv" in printed.stdout
    told = json.loads(_explain(scenario_home, "overlap", PLACES[4], YEAR, "--json").stdout)
    assert told["parts"][0]["rows"][0]["overlap_gbp"] == 40000.0


def _explain(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", *arguments, "--home", str(home.root)])


def test_an_older_release_says_what_it_lacks() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table dim_supplier (supplier_id varchar)")
        with pytest.raises(ExplainError, match="older version"):
            explain_supplier(connection, "r", "Any Ltd")
