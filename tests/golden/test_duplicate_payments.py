"""Possible duplicate payments of a release: every tier with what is one and what only looks so."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from scenarios.duplicate_payments import CONFIRMED, UNKNOWN

from ingest.home import Home
from orchestration.cli.main import cli
from orchestration.resources import remembered_folder

COLUMNS = "tier amount_gbp payment_count credit_count excess_gbp review_gbp status"


@pytest.fixture(scope="module")
def groups(release: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    """Supplier (D4: the amount) -> tier, amount, payments, credits, excess, for review, status; of the council."""
    rows = release.execute(
        f"select coalesce(supplier_name, amount_gbp::varchar), {COLUMNS.replace(' ', ', ')} from mart_possible_duplicate_payments"
        " where agency_slug = 'duplicates-council'"
    ).fetchall()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def _group(tier: str, amount: str, payments: int, credit_count: int, excess: str, review: str, status: str) -> tuple[Any, ...]:
    return (tier, Decimal(amount), payments, credit_count, Decimal(excess), Decimal(review), status)


EXPECTED = {
    "Alderwick Paving Ltd": _group("D1", "1000", 2, 0, "1000", "0", "confirmed"),
    "Coverack Roofing Ltd": _group("D1", "2000", 2, 1, "0", "0", "credited"),
    "Dunmail Glazing Ltd": _group("D1", "1500", 2, 0, "1500", "0", "open"),
    "Ennerdale Drains Ltd": _group("D1", "500", 3, 0, "1000", "0", "open"),
    "Fowey Lifts Ltd": _group("D2", "25000", 2, 0, "0", "25000", "open"),
    "Isel Engineering Ltd": _group("D3", "3000", 2, 0, "3000", "0", "open"),
    "Kirkstone Tools Ltd": _group("D3", "4000", 2, 0, "4000", "0", "open"),
    "700.00": _group("D4", "700", 2, 0, "0", "700", "open"),
}


@pytest.mark.parametrize("supplier", EXPECTED)
def test_what_is_one_is_found_in_its_tier(supplier: str, groups: dict[str, tuple[Any, ...]]) -> None:
    assert groups[supplier] == EXPECTED[supplier]


@pytest.mark.parametrize(
    "supplier",
    [
        "Borrowdale Fencing Ltd",  # other references, under £500
        "Gweek Cleaning Ltd",  # recurs
        "Helford Timber Ltd",  # 31 days apart
        "750.00",  # two suppliers, two documents
        "3500.00",  # nobody
        "Quernmore Oil Ltd",  # a reference without a number
        "Rydal Coaches Ltd",  # one row, published twice
    ],
)
def test_what_only_looks_so_is_not_found(supplier: str, groups: dict[str, tuple[Any, ...]]) -> None:
    assert supplier not in groups


def test_nothing_else_is_found(groups: dict[str, tuple[Any, ...]]) -> None:
    assert set(groups) == set(EXPECTED)


def test_members_lead_back_to_their_rows(release: duckdb.DuckDBPyConnection) -> None:
    (members,) = release.execute(
        "select members from mart_possible_duplicate_payments where supplier_name = 'Ennerdale Drains Ltd'"
    ).fetchone()  # type: ignore[misc]
    assert [(m["payment_number"], m["role"], m["row_number"], str(m["amount_gbp"])) for m in members] == [
        (1, "payment", 11, "500.00"), (2, "payment", 12, "300.00"), (2, "payment", 13, "200.00"), (3, "payment", 14, "500.00"),
    ]  # fmt: skip
    assert {m["file_name"] for m in members} == {"duplicates-council/june 2024.csv"}
    roles = release.execute(
        "select role, count(*) from mart_possible_duplicate_payment_lines inner join mart_possible_duplicate_payments"
        " using (group_id) where supplier_name = 'Coverack Roofing Ltd' group by role order by role"
    ).fetchall()
    assert roles == [("credit", 1), ("payment", 2)]
    flows = "select count(*), count(f.flow_id) from mart_possible_duplicate_payment_lines left join fct_flow as f using (flow_id)"
    total, found = release.execute(flows).fetchone()  # type: ignore[misc]
    assert total == found > 0


def test_numbers_of_lines_are_taken_off(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        f"select {COLUMNS.replace(' ', ', ')} from mart_possible_duplicate_payments where agency_slug = 'duplicates-numbered'"
    ).fetchall()
    assert rows == [_group("D2", "600", 2, 0, "0", "600", "open")]


def test_without_references_their_tiers_are_not_nought(release: duckdb.DuckDBPyConnection) -> None:
    tiers = release.execute(
        "select tier, state, reason, group_count, found_gbp from qa_duplicate_tiers"
        " where agency_slug = 'duplicates-police' order by tier"
    ).fetchall()
    none = ("not_evaluable", "no line has a reference", None, None)
    assert tiers == [("D1", *none), ("D2", "evaluated", None, 1, Decimal("800.00")), ("D3", *none), ("D4", *none)]
    states = release.execute("select distinct state from qa_duplicate_tiers where agency_slug = 'duplicates-council'").fetchall()
    assert states == [("evaluated",)]


def test_the_summary_goes_from_the_naive_share_to_the_tiers(release: duckdb.DuckDBPyConnection) -> None:
    columns = (
        "naive_lines_gbp naive_payments_gbp after_credits_gbp after_recurring_gbp after_small_gbp d1_excess_gbp d3_excess_gbp"
        " d2_review_gbp d4_review_gbp excess_gbp confirmed_gbp repeated_row_count repeated_rows_gbp is_alarm"
    ).split()
    row = release.execute(
        f"select {', '.join(columns)}, spend_with_repeats_gbp - spend_gbp from mart_duplicate_payments_summary"
        " where agency_slug = 'duplicates-council' and financial_year = '2024-25'"
    ).fetchone()
    assert row is not None
    figures = dict(zip([*columns, "difference_gbp"], row, strict=True))
    assert figures == {
        # the lines of 500 of Ennerdale count, its 300 and 200 do not: as payments they are one more of 500
        "naive_lines_gbp": Decimal("39250"), "naive_payments_gbp": Decimal("39750"), "after_credits_gbp": Decimal("37750"),
        "after_recurring_gbp": Decimal("34950"), "after_small_gbp": Decimal("34500"), "d1_excess_gbp": Decimal("3500"),
        "d3_excess_gbp": Decimal("7000"), "d2_review_gbp": Decimal("25000"), "d4_review_gbp": Decimal("700"),
        "excess_gbp": Decimal("10500"), "confirmed_gbp": Decimal("1000"), "repeated_row_count": 1,
        "repeated_rows_gbp": Decimal("5200"), "is_alarm": True, "difference_gbp": Decimal("5200"),
    }  # fmt: skip


def test_an_alarm_and_a_review_without_a_group_are_findings(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select rule_id, agency_slug, period, severity, value, amount_gbp from qa_findings"
        " where rule_id in ('duplicate_excess_is_small', 'review_names_a_group') and coalesce(agency_slug, 'duplicates-')"
        " like 'duplicates-%' order by rule_id"
    ).fetchall()
    assert rows == [
        ("duplicate_excess_is_small", "duplicates-council", "2024-25", "warning", None, Decimal("10500.00")),
        ("review_names_a_group", None, None, "warning", UNKNOWN, None),
    ]
    states = release.execute("select group_id, state from qa_duplicate_reviews order by group_id").fetchall()
    assert states == [(UNKNOWN, "unknown_group"), (CONFIRMED, "applied")]


def test_no_reviewer_reaches_the_release(release: duckdb.DuckDBPyConnection) -> None:
    review = "select status, review_reason, reviewed_on::varchar from mart_possible_duplicate_payments where group_id = ?"
    assert release.execute(review, [CONFIRMED]).fetchone() == ("confirmed", "asked the payer", "2024-09-01")
    columns = {row[0] for row in release.execute("select column_name from information_schema.columns").fetchall()}
    assert not {"reviewer", "document_key", "set_up_as"} & columns


def _run(home: Home, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["duplicates", *arguments, "--home", str(home.root)])
    return result.exit_code, result.output


def test_groups_are_listed_and_shown(scenario_home: Home) -> None:
    code, output = _run(scenario_home, "list", "--agency", "duplicates-council", "--tier", "D3", "--json")
    listed = json.loads(output)
    assert code == 0
    assert [(g["supplier_name"], g["excess_gbp"]) for g in listed] == [
        ("Kirkstone Tools Ltd", 4000.0),
        ("Isel Engineering Ltd", 3000.0),
    ]
    code, output = _run(scenario_home, "list", "--year", "2024-25", "--agency", "duplicates-police")
    assert code == 0
    assert "D2" in output
    code, output = _run(scenario_home, "show", CONFIRMED)
    assert code == 0
    assert "(2 payments - 0 credits - 1) x £1,000.00 = £1,000.00 excess" in output
    assert "duplicates-council/june 2024.csv, row 2" in output
    assert _run(scenario_home, "list", "--agency", "paid-by-years") == (0, "No possible duplicate payments of that kind.\n")
    code, output = _run(scenario_home, "list", "--agency", "nobody")
    assert (code, "nobody" in output) == (2, True)


def test_a_review_needs_a_group_and_words(scenario_home: Home) -> None:
    code, output = _run(scenario_home, "review", UNKNOWN, "--status", "rejected", "--by", "Me", "--reason", "no")
    assert (code, f"no group {UNKNOWN} in the current release" in output) == (2, True)
    code, output = _run(scenario_home, "review", CONFIRMED, "--status", "rejected", "--by", "Me", "--reason", " ")
    assert (code, "--reason is blank" in output) == (2, True)
    assert _run(scenario_home, "review", CONFIRMED, "--status", "paid", "--by", "Me", "--reason", "no")[0] == 2


def test_a_review_is_a_row_of_the_registry(scenario_home: Home) -> None:
    folder = remembered_folder(scenario_home)
    assert folder is not None
    reviews = folder / "registry" / "duplicate_reviews.csv"
    before = reviews.read_text(encoding="utf-8")
    try:
        code, output = _run(
            scenario_home, "review", CONFIRMED, "--status", "rejected", "--by", "Me", "--reason", "two jobs", "--json"
        )
        after = reviews.read_text(encoding="utf-8")
    finally:
        reviews.write_text(before, encoding="utf-8")  # other modules run this folder again
    assert code == 0
    written = json.loads(output)
    assert written["file"] == str(reviews)
    assert after.removeprefix(before).splitlines() == [f"{CONFIRMED},rejected,Me,two jobs,{written['reviewed_on']}"]


def test_the_alarm_is_the_result_of_its_rule(release: duckdb.DuckDBPyConnection) -> None:
    alarms = release.execute("select agency_slug, financial_year from mart_duplicate_payments_summary where is_alarm").fetchall()
    outcomes = release.execute(
        """
        select l.agency_slug, l.period[:4], i.outcome
        from qa_rule_index as i inner join qa_return_ledger as l on i.return_id = l.return_id and l.status = 'in_service'
        where i.rule_id = 'duplicate_excess_is_small' and i.status = 'in_service' and l.kind = 'spend'
        """
    ).fetchall()
    assert alarms
    assert {slug for slug, _, outcome in outcomes if outcome == "failed"} == {slug for slug, _ in alarms}
    assert any(outcome == "passed" for _, _, outcome in outcomes)
    reviews = release.execute(
        "select outcome from qa_rule_index where rule_id = 'review_names_a_group' and return_id is null"
    ).fetchall()
    assert reviews == [("failed",)], "the scenario reviews a group that there is not"
