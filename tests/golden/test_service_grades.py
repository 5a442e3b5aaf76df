"""Each way of knowing a service, once, and which comes first; what is not known, ranked; the whole-place check."""

from __future__ import annotations

import json
from decimal import Decimal

import duckdb
import pytest
from scenarios.service_grades import PLACE

from benchmarks.classification import report
from ingest.home import Home

pytestmark = [pytest.mark.golden, pytest.mark.slow]
# agency, pounds -> service, grade
EXPECTED = {
    ("grades-council", 100): ("10", "mapped"),  # the shipped label of service analyses
    ("grades-council", 200): ("04.5", "keyword"),  # a shipped word
    ("grades-council", 300): ("05.1", "mapped"),  # a whole label before any word
    ("grades-council", 400): ("06.1", "keyword"),  # a rule of the agency before one of its type
    ("grades-council", 500): (None, "unclassified"),  # the rule ended the year before
    ("grades-council", 700): ("01.8", "keyword"),  # recognised as a precept by the transfer rules
    ("grades-council", 800): ("10.6", "keyword"),  # by the description alone
    ("grades-district", 100): ("08.1", "keyword"),  # a rule of the type before one of all
    ("grades-police", 100): ("01.3", "keyword"),  # a rule of all before the default
    ("grades-police", 900): ("03.1", "agency_default"),
    ("grades-icb", 900): ("07.3", "keyword"),  # by the payee alone
    ("grades-icb", 100): ("07", "agency_default"),
    ("grades-county", 100_000_000): ("07.4", "published"),
    ("grades-county", 25_000_000): (None, "unclassified"),
}


def test_each_line_has_the_service_and_grade_of_the_first_rule_that_fits(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select agency_slug, amount_gbp::int, service_code, classification_grade from fct_flow where agency_slug like 'grades-%'"
    ).fetchall()
    found = {(agency, pounds): (code, grade) for agency, pounds, code, grade in rows}
    assert {key: found.get(key) for key in EXPECTED} == EXPECTED


def test_every_decided_line_names_its_rule(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select classification_grade, count(*) filter (where service_rule_id is null), count(service_rule_id) from fct_flow"
        " where layer = 'transactions' group by all"
    ).fetchall()
    without = {grade: (bool(missing), bool(named)) for grade, missing, named in rows}
    assert without == {
        "mapped": (False, True), "keyword": (False, True), "agency_default": (True, False), "unclassified": (True, False),
    }  # fmt: skip


def test_rules_show_their_hits_and_the_one_without_shows_none(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select reason, hit_count, hit_gbp::int from qa_classification_rule_hits where is_extension order by rule_order"
    ).fetchall()
    assert {reason: (count, pounds) for reason, count, pounds in rows} == {
        "label": (1, 300),
        "of one agency": (1, 400),
        "of a type": (1, 100),
        "for all": (1, 100),
        "until 2023-24": (0, 0),
        "hits nothing": (0, 0),
    }
    orders = release.execute("select rule_order from qa_classification_rule_hits where rule_kind <> 'outturn_line'").fetchall()
    assert len(orders) == len(set(orders)) > 100


def test_awards_are_classified_beside(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select classification_grade, sum(line_count)::int from qa_classification where kind = 'grants' and agency_type ="
        " 'la_unitary' group by all order by all"
    ).fetchall()
    assert rows == [("keyword", 1), ("unclassified", 1)]


def test_shares_sum_to_one_and_a_single_purpose_default_counts(release: duckdb.DuckDBPyConnection) -> None:
    sums = release.execute("select kind, agency_type, round(sum(share_of_money), 9) from qa_classification group by all").fetchall()
    assert sums and {total for *_, total in sums} == {1.0}
    rows = release.execute(
        "select distinct agency_type, is_above_default from qa_classification where classification_grade = 'agency_default'"
        " and agency_type in ('police', 'dwp') order by all"
    ).fetchall()
    assert rows == [("dwp", False), ("police", True)]


def test_what_is_not_known_is_ranked_and_names_nobody(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select expense_area, absolute_gbp::int from qa_unclassified where agency_slug = 'grades-council' order by money_rank"
    ).fetchall()
    assert rows == [("Gadget store", 1530), (None, 60)]


def test_public_health_is_three_tenths_drugs_and_alcohol_and_each_pound_is_themed_once(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select theme_code, sum(attributed_gbp)::int from mart_spend_by_theme where place_code = ? and theme_scheme = ?"
        " and agency_slug = 'grades-county' group by all"
    )
    assert dict(release.execute(query, [PLACE, "total_place"]).fetchall()) == {
        "health_wellbeing": 70_000_000, "drugs_alcohol": 30_000_000, "families_children": 50_000_000, "unthemed": 25_000_000,
    }  # fmt: skip
    tagged = dict(release.execute(query, [PLACE, "total_place_tags"]).fetchall())
    assert tagged == {
        "health_wellbeing": 100_000_000, "drugs_alcohol": 100_000_000, "families_children": 150_000_000, "unthemed": 25_000_000,
    }  # fmt: skip


def test_a_tag_scheme_says_by_how_much_it_does_not_add_up(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select theme_scheme, is_additive, round(any_value(sum_over_total_ratio), 9), sum(attributed_gbp) from mart_spend_by_theme"
        " where place_code = ? group by all order by all",
        [PLACE],
    ).fetchall()
    total = release.execute("select sum(consolidated_gbp) from mart_spend_by_place where place_code = ?", [PLACE]).fetchone()
    assert total is not None
    ((scheme, additive, whole, parts), (_, tag_additive, ratio, tags)) = rows
    assert (scheme, additive, whole, parts) == ("total_place", True, 1.0, total[0])
    assert (tag_additive, ratio) == (False, round(float(tags / total[0]), 9)) and tags > total[0]


def test_the_bridge_is_published_with_its_reasons(release: duckdb.DuckDBPyConnection) -> None:
    counted = release.execute("select count(*), count(reason) from dim_service_theme").fetchone()
    assert counted is not None and counted[0] == counted[1] > 60


def test_the_whole_place_check_flags_and_does_not_fail(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select place_code, whole_place_status, round(people_share, 9) from qa_whole_place where place_code like 'X9850001_'"
        " or place_code = ? order by all",
        [PLACE],
    ).fetchall()
    assert rows[1:] == [("X98500011", "inside", 0.75), ("X98500012", "undecided", 0.65), ("X98500013", "outside", 0.65)]
    assert rows[0][1] == "not_a_full_count"
    assert Decimal(str(rows[0][2])) > Decimal("0.5")


def test_the_report_names_every_kind_and_type_that_stays_below(scenario_home: Home, release: duckdb.DuckDBPyConnection) -> None:
    words, below = report(scenario_home.current_release / "totalplace.duckdb")
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for kind, agency_type, above, gbp in release.execute(
        "select kind, agency_type, is_above_default, absolute_gbp from qa_classification where not is_passed_on"
    ).fetchall():
        known, total = sums.get(f"{kind}, {agency_type}", (Decimal(0), Decimal(0)))
        sums[f"{kind}, {agency_type}"] = (known + gbp if above else known, total + gbp)
    assert set(below) == {name for name, (known, total) in sums.items() if known < total * 9 / 10}
    assert "grants, la_unitary" in below and "spend, police" not in below
    assert "| spend | police |" in words and "Gadget store" in words


def test_no_rule_is_asked_by_a_join_of_its_own(scenario_home: Home) -> None:
    """DuckDB makes one of each IN with more than a few constants: 160 of them took longer than all the rest of the statement."""
    with duckdb.connect(str(scenario_home.warehouse), read_only=True) as connection:
        (kept,) = [
            node["sql"]
            for node in json.loads((scenario_home.warehouse.parent / "kept" / "build.json").read_text())["nodes"]
            if node["name"] == "int_service__words"
        ]
        rows = connection.execute(f"explain {kept}").fetchall()
    plan = "\n".join(text for _, text in rows)
    assert "], agency_type)" in kept and "UNION" in plan  # rules that speak of a type are in it
    assert "JOIN" not in plan
