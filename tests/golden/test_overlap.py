"""The worked cell by both lenses, eliminated before it is measured whichever way the transfer runs; pairs, roll-ups, years."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from scenarios.overlap import APART, BEFORE, BRANCHES, FROM_THE_LEAD, TO_THE_LEAD, YEAR, slug

pytestmark = [pytest.mark.golden, pytest.mark.slow]
MILLION = 1_000_000
CELLS = {"service": "07.3", "purchase_category": "ict.software"}


@pytest.mark.parametrize("scope", ["A-B", "all"])
@pytest.mark.parametrize("lens", CELLS)
@pytest.mark.parametrize(
    ("place", "lead", "agencies", "spend", "overlap", "rate", "hhi", "effective", "comparable"),
    [
        (APART, "council", 3, "5.5", "2.5", 0.4545, 0.4380, 2.283, 0.8430),
        (TO_THE_LEAD, "council", 2, "3.5", "0.5", 0.1429, 0.7551, 1.324, 0.4898),
        # Measured first and eliminated afterwards, the overlap would be 2.5 less 3.0.
        (FROM_THE_LEAD, "icb", 2, "2.5", "0.5", 0.2, 0.68, 1.4706, 0.64),
    ],
)
def test_the_worked_cell(
    release: duckdb.DuckDBPyConnection, lens: str, scope: str, place: str, lead: str, agencies: int, spend: str, overlap: str,
    rate: float, hhi: float, effective: float, comparable: float,
) -> None:  # fmt: skip
    rows = release.execute(
        "select cell_code, lead_agency_slug, agency_count, spend_gbp, overlap_gbp, overlap_rate, hhi, effective_agency_count,"
        " comparable_fragmentation, missing_agency_count from mart_duplication_overlap"
        " where place_code = ? and lens = ? and grade_scope = ? and theme_scheme in ('all', 'total_place')",
        [place, lens, scope],
    ).fetchall()
    assert len(rows) == 1
    money = (Decimal(spend) * MILLION, Decimal(overlap) * MILLION)
    assert rows[0][:5] == (CELLS[lens], slug(place, lead), agencies, *money)
    assert rows[0][5:9] == tuple(
        pytest.approx(value, abs=6e-5 if value < 1 else 6e-4) for value in (rate, hhi, effective, comparable)
    )
    assert rows[0][9] == 0


def test_lines_say_what_was_bought_and_how_it_is_known(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select amount_gbp::int, purchase_category, purchase_grade from fct_flow"
        " where agency_slug like 'lens-%-4' and financial_year = ? order by 1",
        [YEAR],
    ).fetchall()
    assert rows == [
        (8, "supplies.equipment", "B"),  # the folder's own rule
        (50, "utilities", "C"),  # the payee's name alone
        (100, "utilities", "B"),
        (400, "fleet.fuel", "B"),
        (500, "utilities.gas", "B"),
        (600, "fleet.fuel", "B"),
        (900, "utilities.electricity", "B"),
    ]
    tax = "select distinct purchase_category, layer from fct_flow where amount_gbp = 77 and agency_slug like 'lens-%'"
    assert release.execute(tax).fetchall() == [("not_a_purchase.tax", "transactions")]
    hits = "select rule_id, hit_count, hit_gbp::int, is_extension from qa_purchase_rule_hits where reason = 'a place''s own word'"
    assert release.execute(hits).fetchall() == [("registry_001", 1, 8, True)]


def test_a_purchase_known_no_deeper_makes_its_branch_one_cell(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select grade_scope, cell_code, code_level, agency_count, spend_gbp::int, overlap_gbp::int from mart_duplication_overlap"
        " where place_code = ? and lens = 'purchase_category' and financial_year = ? order by all",
        [BRANCHES, YEAR],
    ).fetchall()
    assert rows == [
        ("A-B", "fleet.fuel", 2, 2, 1000, 400),
        ("A-B", "supplies.equipment", 2, 1, 8, 0),
        ("A-B", "utilities", 1, 3, 1500, 600),
        ("all", "fleet.fuel", 2, 2, 1000, 400),
        ("all", "supplies.equipment", 2, 1, 8, 0),
        ("all", "utilities", 1, 3, 1550, 650),
    ]


def test_pairs_share_the_lesser_of_their_sums(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select agency_slug_a, agency_slug_b, shared_cell_count, shared_gbp::int, share_of_smaller from mart_overlap_pairs"
        " where place_code = ? and financial_year = ? and grade_scope = 'A-B' order by all",
        [BRANCHES, YEAR],
    ).fetchall()
    council, fire, icb = (slug(BRANCHES, body) for body in ("council", "fire", "icb"))
    assert rows == [
        (council, fire, 1, 100, pytest.approx(100 / 108)),
        (council, icb, 2, 900, pytest.approx(900 / 1100)),
        (fire, icb, 1, 100, pytest.approx(100 / 108)),
    ]


def test_roll_ups_add_cells_and_years_are_compared_where_they_can_be(release: duckdb.DuckDBPyConnection) -> None:
    where = "where place_code = ? and lens = 'purchase_category' and financial_year = ? and grade_scope = 'A-B'"
    rolled = release.execute(
        "select rolled_up_to, branch_code, cell_count, spend_gbp::int, overlap_gbp::int from mart_overlap_by_theme"
        f" {where} order by all",
        [BRANCHES, YEAR],
    ).fetchall()
    assert rolled == [
        ("branch", "fleet", 1, 1000, 400), ("branch", "supplies", 1, 8, 0), ("branch", "utilities", 1, 1500, 600),
        ("place", "all", 3, 2508, 1000), ("theme", "all", 3, 2508, 1000),
    ]  # fmt: skip
    trend = f"select comparability, overlap_change_gbp::int, overlap_rate_change from mart_overlap_trend {where}"
    before = release.execute(trend, [BRANCHES, BEFORE]).fetchall()
    assert before == [("no_year_before", None, None)]
    now = release.execute(trend, [BRANCHES, YEAR]).fetchall()
    assert now == [("comparable", 1000 - 600, pytest.approx(1000 / 2508 - 600 / 1500))]
