"""Places across their reorganisations, areas and drivers, from returns to the release (money.md, sections 2 and 3)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from scenarios import areas, place_history

pytestmark = [pytest.mark.golden, pytest.mark.slow]
Release = duckdb.DuckDBPyConnection


def _pence(pounds: Decimal) -> int:
    return int(pounds * 100)


def _restated(release: Release, geography: str, slug: str, year: str) -> dict[str, tuple[int, int, str, str | None]]:
    """Place code -> pence of outlay, pence that stay, grade, what restated it."""
    rows = release.execute(
        "select place_code, aggregate_gbp, consolidated_gbp, method_grade, restated_by from mart_spend_by_place_restated"
        " where geography = ? and agency_slug = ? and financial_year = ? and aggregate_gbp <> 0",
        [geography, slug, year],
    ).fetchall()
    return {code: (_pence(outlay), _pence(stays), grade, by) for code, outlay, stays, grade, by in rows}


def _shares(pence: int, people: dict[str, int]) -> dict[str, int]:
    """Largest remainder by hand: floors, then a penny each to the largest remainders, ties by code."""
    total = sum(people.values())
    exact = {code: Fraction(pence * count, total) for code, count in people.items()}
    parts = {code: int(value) for code, value in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (-(exact[code] - parts[code]), code))
    for code in by_remainder[: pence - sum(parts.values())]:
        parts[code] += 1
    return parts


@pytest.mark.parametrize(("slug", "year"), list(place_history.PENCE), ids=lambda value: str(value))
@pytest.mark.parametrize("geography", ["as_is_now", "as_first_was"])
def test_no_pound_is_lost_or_doubled(release: Release, geography: str, slug: str, year: str) -> None:
    said = place_history.PENCE[slug, year] + (place_history.PURCHASE_PENCE if slug == "hist-christchurch" else 0)
    assert sum(outlay for outlay, *_ in _restated(release, geography, slug, year).values()) == said


def test_every_geography_holds_every_pound_of_every_agency_and_year(release: Release) -> None:
    rows = release.execute(
        """
        with was as (
            select agency_slug, financial_year, expenditure_basis, capital_or_revenue, sum(aggregate_gbp) as gbp
            from mart_spend_by_place group by all having sum(aggregate_gbp) is not null
        ), restated as (
            select geography, agency_slug, financial_year, expenditure_basis, capital_or_revenue, sum(aggregate_gbp) as gbp
            from mart_spend_by_place_restated group by all having sum(aggregate_gbp) is not null
        )
        select count(*), count(*) filter (where was.gbp = restated.gbp) from was
        left join restated using (agency_slug, financial_year)
        where was.expenditure_basis is not distinct from restated.expenditure_basis
        and was.capital_or_revenue is not distinct from restated.capital_or_revenue
        """
    ).fetchone()
    agencies = release.execute(
        "select count(*) from (select distinct agency_slug, financial_year, expenditure_basis, capital_or_revenue"
        " from mart_spend_by_place where aggregate_gbp is not null)"
    ).fetchone()
    assert rows is not None and agencies is not None
    assert rows[0] == rows[1] == 2 * agencies[0]


def test_dorset_as_is_now_adds_its_parts_and_consolidates_them(release: Release) -> None:
    """What Christchurch bought from Bournemouth is inside the place that both became."""
    assert _restated(release, "as_is_now", "hist-bournemouth", "2018-19") == {"E06000058": (100_00, 100_00, "A", "whole_place")}
    assert _restated(release, "as_is_now", "hist-christchurch", "2018-19") == {"E06000058": (40_01, 30_00, "A", "whole_place")}
    assert _restated(release, "as_is_now", "hist-bcp", "2019-20") == {"E06000058": (215_05, 215_05, "A", "whole_place")}
    moved = release.execute(
        "select newly_internal_gbp, place_codes_as_was from mart_spend_by_place_restated"
        " where geography = 'as_is_now' and agency_slug = 'hist-christchurch' and aggregate_gbp <> 0"
    ).fetchall()
    assert moved == [(Decimal("10.01"), "E07000048")]
    was = release.execute("select place_code, consolidated_gbp from mart_spend_by_place where agency_slug = 'hist-christchurch'")
    assert was.fetchall() == [("E07000048", Decimal("40.01"))]


def test_dorset_as_it_first_was_divides_by_the_people_of_2011(release: Release) -> None:
    """Census 2011 is the latest count that all three parts have."""
    people = {"E06000028": 183_491, "E06000029": 147_645, "E07000048": 47_752}
    expected = {code: (pence, pence, "D", "population") for code, pence in _shares(215_05, people).items()}
    assert _restated(release, "as_first_was", "hist-bcp", "2019-20") == expected
    vintages = release.execute(
        "select distinct restated_vintage from mart_spend_by_place_restated"
        " where geography = 'as_first_was' and agency_slug = 'hist-bcp' and aggregate_gbp <> 0"
    ).fetchall()
    assert vintages == [("census_2011",)]


def test_cumbria_both_ways(release: Release) -> None:
    """The county's money of 2022-23 on the two unitaries, the unitaries' money of 2023-24 on the six districts."""
    people = {"E07000026": 96_100, "E07000027": 67_300, "E07000028": 110_000, "E07000029": 67_000, "E07000030": 54_700}
    people |= {"E07000031": 103_000}
    seeded = dict(
        release.execute(
            "select place_code, population_count from mart_spend_by_place where agency_slug = 'hist-cumbria-county'"
            " and financial_year = '2022-23'"
        ).fetchall()
    )
    assert seeded == people
    county = _shares(1_000_000_01, people)
    cumberland = {"E07000026", "E07000028", "E07000029"}
    forward = _restated(release, "as_is_now", "hist-cumbria-county", "2022-23")
    assert {code: pence for code, (pence, *_) in forward.items()} == {
        "E06000063": sum(pence for code, pence in county.items() if code in cumberland),
        "E06000064": sum(pence for code, pence in county.items() if code not in cumberland),
    }
    back = _restated(release, "as_first_was", "hist-cumberland", "2023-24")
    parts = _shares(600_01, {code: people[code] for code in cumberland})
    assert back == {code: (pence, pence, "D", "population") for code, pence in parts.items()}
    assert set(_restated(release, "as_first_was", "hist-westmorland", "2023-24")) == set(people) - cumberland


@pytest.mark.parametrize(
    ("slug", "cumberland", "westmorland", "driver", "vintage"),
    [
        ("hist-cumbria-fire", 494_000, 506_000, "tax_base", "2025-26"),
        ("hist-cumbria-fire-by-people", 549_000, 451_000, "population", "mid_2024"),
    ],
)
def test_the_driver_of_the_cumbria_fire_precept_matters(
    release: Release, slug: str, cumberland: int, westmorland: int, driver: str, vintage: str
) -> None:
    rows = release.execute(
        "select place_code, aggregate_gbp, method_grade, driver, driver_vintage from mart_spend_by_place"
        " where agency_slug = ? and aggregate_gbp <> 0 order by place_code",
        [slug],
    ).fetchall()
    assert rows == [
        ("E06000063", Decimal(cumberland), "D", driver, vintage),
        ("E06000064", Decimal(westmorland), "D", driver, vintage),
    ]


def test_gateshead_is_one_place_under_two_codes(release: Release) -> None:
    """The registry links the council to today's code alone: the money of 2012-13 is still recorded for the place."""
    rows = release.execute(
        "select financial_year, place_code, method_grade, aggregate_gbp from mart_spend_by_place"
        " where agency_slug = 'hist-gateshead' order by all"
    ).fetchall()
    assert rows == [("2012-13", "E08000020", "A", Decimal("70.07")), ("2013-14", "E08000037", "A", Decimal("71.08"))]
    for geography, code in (("as_is_now", "E08000037"), ("as_first_was", "E08000020")):
        assert _restated(release, geography, "hist-gateshead", "2012-13") == {code: (70_07, 70_07, "A", "whole_place")}
        assert _restated(release, geography, "hist-gateshead", "2013-14") == {code: (71_08, 71_08, "A", "whole_place")}


def _area(release: Release, code: str, slug: str | None = None) -> tuple[int, ...]:
    row = release.execute(
        "select sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp), sum(internal_to_area_gbp) from mart_spend_by_area"
        " where area_code = ? and agency_slug = coalesce(?, agency_slug)",
        [code, slug],
    ).fetchone()
    assert row is not None
    return tuple(int(value) for value in row)


def test_an_area_is_consolidated_for_itself(release: Release) -> None:
    """20 from north to south and 5 back stay in the places and leave the area; the precept was never north's; the trust is
    missing, so what it was paid stays."""
    assert _area(release, "X98-PAIR", "pair-north") == (132, 32, 100, 20)
    assert _area(release, "X98-PAIR", "pair-south") == (212, 5, 207, 5)
    places = release.execute(
        "select sum(aggregate_gbp), sum(eliminated_gbp), sum(consolidated_gbp) from mart_spend_by_place where place_code in (?, ?)",
        [areas.NORTH, areas.SOUTH],
    ).fetchone()
    # 132 + 212 + 50 + half of 1000 + 400 + 400 + the 10 recorded and the 30 paid to a body of one place
    assert places == (1734, 12 + 30, 1692)
    assert _area(release, "X98-PAIR") == (1734, 67, 1667, 25)


def test_an_area_of_one_place_has_the_numbers_of_the_place(release: Release) -> None:
    million = 1_000_000
    assert _area(release, "X98-WHOLE") == (937 * million, 232 * million, 705 * million, 0)


def test_a_missing_agency_of_an_area_is_one_row_without_money(release: Release) -> None:
    rows = release.execute(
        "select area_code, area_name, coverage_status, consolidated_gbp from mart_spend_by_area where agency_slug = 'pair-trust'"
    ).fetchall()
    assert rows == [("X98-PAIR", "Pair (synthetic)", "missing", None)]


def test_per_head_of_an_area_is_by_the_people_of_its_places(release: Release) -> None:
    rows = release.execute(
        "select population_count, population_vintage, consolidated_per_head_gbp from mart_spend_by_area"
        " where area_code = 'X98-PAIR' and agency_slug = 'pair-north'"
    ).fetchall()
    assert rows == [(4000, "mid_2024", Decimal("0.03"))]


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("pair-fire", {areas.NORTH: (30, "D", "tax_base"), areas.SOUTH: (20, "D", "tax_base")}),
        (
            "pair-benefits",
            {
                areas.NORTH: (300, "B", "claimants_universal_credit"),
                areas.SOUTH: (200, "B", "claimants_universal_credit"),
                "UNALLOCATED": (500, "E", "none"),
            },
        ),
        ("pair-schools", {areas.NORTH: (100, "C", "service_pupils"), areas.SOUTH: (300, "C", "service_pupils")}),
        ("pair-people", {areas.NORTH: (100, "D", "population"), areas.SOUTH: (300, "D", "population")}),
        (
            "pair-national",
            {areas.NORTH: (10, "A", "recorded"), areas.SOUTH: (30, "B", "payee_place"), "UNALLOCATED": (90, "E", "none")},
        ),
    ],
)
def test_drivers_grade_what_they_place(release: Release, slug: str, expected: dict[str, tuple[int, str, str]]) -> None:
    rows = release.execute(
        "select place_code, aggregate_gbp, method_grade, driver from mart_spend_by_place"
        " where agency_slug = ? and aggregate_gbp <> 0",
        [slug],
    ).fetchall()
    assert {code: (int(gbp), grade, driver) for code, gbp, grade, driver in rows} == expected


def test_money_without_a_place_is_in_no_area(release: Release) -> None:
    """The total of the nation's money is there to see, in the row UNALLOCATED, and in no place or area."""
    assert _area(release, "X98-PAIR", "pair-national") == (40, 30, 10, 0)
