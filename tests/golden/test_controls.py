"""Control totals, published figures and funding paths in a release: what agrees, what must not, what nothing reaches."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scenarios.controls import OUTTURN_YEAR, PLACE, YEAR

FIGURES = Path(__file__).resolve().parents[3] / "shared" / "design" / "figures.csv"


def _rows(release: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return release.execute(query, list(values)).fetchall()


def test_a_printed_total_that_its_authorities_contradict_disagrees_and_the_others_agree(
    release: duckdb.DuckDBPyConnection,
) -> None:
    rows = _rows(
        release,
        "select control_origin, scope, control_label, difference_gbp, status from qa_control_totals where financial_year = ?",
        OUTTURN_YEAR,
    )
    assert {row[1] for row in rows} == {
        "England", "England: unitary authorities (UA)", "England: shire districts (SD)", "England, of its lines",
    }  # fmt: skip
    off = Decimal("-1000.00")
    wrong = {row[:4] for row in rows if row[4] == "disagrees"}
    assert wrong == {
        ("return", "England", "police_services", off),
        ("return", "England", "total_service_expenditure", off),
        ("return", "England", "net_current_expenditure", off),
        ("counted", "England", "police_services", off),
    }
    assert {row[4] for row in rows} == {"agrees", "disagrees"}
    found = _rows(release, "select count(*) from qa_findings where rule_id = 'control_total_agrees' and period = ?", OUTTURN_YEAR)
    assert found == [(3,)]


def test_every_published_figure_is_checked_or_says_why_not(release: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(release, "select figure_id, status, not_reachable_reason, is_negative_control from qa_published_figures")
    assert all((status == "not_reachable") == bool(reason) for _, status, reason, _ in rows)
    disagreeing = {figure for figure, status, _, _ in rows if status == "disagrees"}
    assert disagreeing == {figure for figure, _, _, negative in rows if negative} == {"csp_2026_27_note"}
    assert {f for f, status, _, _ in rows if status == "itemised_in_part"} == {
        "birmingham_count", "worcestershire_count", "essex_itemised",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "printed", "computed", "status"),
    [
        ("csp_2025_26", "16841", "16841", "agrees"),
        ("csp_2026_27_note", "16841", "28744", "disagrees"),
        ("cumbria_one_per_cent", "70", "71", "agrees"),
        ("light_touch_total", "1.75", "1.75", "agrees"),
        ("light_touch_total_july", "1.5", "1.75", "vintage_difference"),
        ("whole_place_net", "204.2", "204.2", "agrees"),
        ("birmingham_count", "7300", "7300", "itemised_in_part"),
        ("birmingham_final", "7500", "7300", "vintage_difference"),
        ("gdp_deflator_example", "8.36", "8.355819", "agrees"),
        ("shepway_repeat", "9074.81", "9074.81", "agrees"),
        ("tes_2023_24_cra", "1113754", "1095433", "vintage_difference"),
    ],
)
def test_a_figure_beside_its_parts(
    release: duckdb.DuckDBPyConnection, figure: str, printed: str, computed: str, status: str
) -> None:
    query = "select printed_value, computed_value, status from qa_published_figures where figure_id = ?"
    assert _rows(release, query, figure) == [(Decimal(printed), Decimal(computed), status)]


def test_components_are_controls_in_pounds(release: duckdb.DuckDBPyConnection) -> None:
    query = "select control_id, printed_gbp, summed_gbp, status from qa_control_totals where control_id like 'csp%' order by all"
    assert _rows(release, query) == [
        ("csp_2025_26", Decimal("16841000000.00"), Decimal("16841000000.00"), "agrees"),
        ("csp_2026_27_note", Decimal("16841000000.00"), Decimal("28744000000.00"), "disagrees"),
    ]


@pytest.mark.skipif(not FIGURES.is_file(), reason="the list of figures is not beside the repository")
def test_every_figure_of_the_list_is_loaded(release: duckdb.DuckDBPyConnection) -> None:
    loaded = dict(_rows(release, "select figure_id, printed_value from qa_published_figures"))
    with FIGURES.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            expected = Decimal("75") if row["value"] == "70-80" else Decimal(row["value"])
            assert loaded[row["figure_id"]] == expected, row["figure_id"]


LINK = "select sum(amount_gbp) from mart_funding_paths where place_code = ? and source_node = ? and target_node = ?"


@pytest.mark.parametrize(
    ("source", "target", "millions"),
    [
        ("origin: council tax payers", "route: council_tax", "80"),
        ("route: council_tax", "agency: paths-council", "80"),
        ("route: schools_grant", "agency: paths-council", "100"),
        ("route: ringfenced_grant", "agency: paths-council", "0.14999999"),
        ("agency: paths-council", "credits: income paid back", "2"),
        ("credits: from payees", "agency: paths-council", "1"),
        ("agency: paths-council", "agency: paths-fire", "12"),
        ("agency: paths-council", "outside: collected for others", "3"),
        ("agency: paths-council", "mode: payroll", "60"),
        ("balance: drawn from reserves and unexplained", "agency: paths-council", "28.75000001"),
        ("agency: paths-fire", "balance: left in reserves and unexplained", "1"),
        ("origin: HM Government", "route: central_direct", "150"),
        ("route: central_direct", "agency: paths-jobcentre", "150"),
    ],
)
def test_links_of_a_place(release: duckdb.DuckDBPyConnection, source: str, target: str, millions: str) -> None:
    assert _rows(release, LINK, PLACE, source, target) == [(Decimal(millions) * 1_000_000,)]


def test_grades_say_how_a_route_is_known(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select source_node, target_node, route_grade, is_assumed, directed_by from mart_funding_paths"
        " where place_code = ? and step = 'route_to_agency' and target_node <> 'agency: paths-fire'"
    )
    assert set(_rows(release, query, PLACE)) == {
        ("route: council_tax", "agency: paths-council", "published", False, "local"),
        ("route: schools_grant", "agency: paths-council", "grant_rule", False, "central"),
        ("route: ringfenced_grant", "agency: paths-council", "grant_rule", False, "central"),
        ("route: ringfenced_grant", "agency: paths-council", "published", False, "central"),
        ("route: unringfenced_grant", "agency: paths-council", "published", False, "local"),
        ("route: central_direct", "agency: paths-jobcentre", "agency_rule", True, "central"),
    }
    outlay = (
        "select funding_route, route_grade from mart_spend_by_funding_route"
        " where flow = 'outlay' and place_code = ? and agency_slug = ?"
    )
    assert _rows(release, outlay, PLACE, "paths-jobcentre") == [("central_direct", "agency_rule")]
    assert set(_rows(release, outlay, PLACE, "paths-council")) == {("unknown", "unknown")}


def test_small_streams_are_counted(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select funding_route, stream_count, amount_gbp, small_stream_count, small_stream_gbp from mart_funding_streams"
        " where place_code = ? and financial_year = ? order by all"
    )
    assert _rows(release, query, PLACE, YEAR) == [
        ("council_tax", 1, Decimal("80000000.00"), 0, Decimal("0.00")),
        ("fees_charges", 1, Decimal("-2000000.00"), 0, Decimal("0.00")),
        ("ringfenced_grant", 2, Decimal("149999.99"), 2, Decimal("149999.99")),
        ("schools_grant", 1, Decimal("100000000.00"), 0, Decimal("0.00")),
        ("unringfenced_grant", 2, Decimal("10100000.00"), 0, Decimal("0.00")),
    ]
