"""Worked numbers of savings, invest-to-save, third sector, outcomes, culture and real terms (money.md, sections 6 to 8)."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from scenarios import programme as case
from scenarios import programme_culture as culture
from warehouse_harness import PROJECT

from ingest.kinds.template_fields import template_fields

pytestmark = [pytest.mark.golden, pytest.mark.slow]
MILLION = Decimal(1_000_000)
BARRIER_TYPES = (
    "structure, priorities, funding_ringfence, funding_fragmentation, data_sharing_legal, data_sharing_perceived, culture,"
    " cost_shunting, performance_regime, planning_cycle, accountability, legislation, boundary, capacity, trust, other"
).split(", ")


def _rows(release: duckdb.DuckDBPyConnection, query: str, *parameters: str) -> list[Any]:
    return release.execute(query, list(parameters)).fetchall()


def test_one_per_cent_of_7_1_billion_is_71_million_and_prints_as_70(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select scenario, savings_rate, consolidated_gbp / 1e6, saving_gbp, saving_printed_gbp, coverage from mart_savings"
        " where place_code = ? and saving_gbp is not null order by savings_rate",
        case.SAVINGS,
    )
    covered = "1 returned, 1 missing"
    assert found == [
        ("savings_1_percent", Decimal("0.01"), 7100, 71 * MILLION, 70 * MILLION, covered),
        ("savings_own", Decimal("0.025"), 7100, Decimal("177.5") * MILLION, 180 * MILLION, covered),
        ("savings_5_percent", Decimal("0.05"), 7100, 355 * MILLION, 360 * MILLION, covered),
    ]


def test_a_rate_that_is_no_share_says_so_and_saves_nothing(release: duckdb.DuckDBPyConnection) -> None:
    query = "select saving_gbp, saving_printed_gbp, saving_reason from mart_savings where place_code = ? and saving_gbp is null"
    assert _rows(release, query, case.SAVINGS) == [(None, None, "the rate 5.0 is not a share between 0 and 1")]


def test_7_4_million_of_1998_99_is_8_36_million_at_prices_of_2003_04(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select price_base_year, deflator_vintage, consolidated_gbp, consolidated_real_gbp, real_terms_reason, is_release_base"
        " from mart_real_terms where place_code = ? order by 1",
        case.REAL_TERMS,
    )
    assert found[0][:3] == ("2003-04", "hm_treasury_deflator_guide", Decimal("7.4") * MILLION)
    assert found[0][3] == round(Decimal("7400000") * Decimal("102.789") / Decimal("91.031"), 2)
    assert round(found[0][3] / MILLION, 2) == Decimal("8.36")
    # The vintage of the release does not reach that year: no figure, and why.
    assert [row[3:] for row in found[1:]] == [(None, "the vintage has no index of 1998-99", True)]


def test_a_year_with_a_quarter_missing_has_no_deflator(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select financial_year, deflator_index, deflator_reason from dim_deflator where deflator_reason is not null order by 1",
    )
    assert found == [("2002-03", None, "the deflator has 1 of the four quarters of 2002-03")]


def test_payer_and_saver_differ_and_each_has_its_net(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select agency_slug, any_value(is_payer), any_value(is_saver), sum(cost_gbp), sum(benefit_gbp), sum(net_benefit_gbp),"
        " sum(cashable_benefit_gbp), sum(cashable_not_stated_gbp) from mart_invest_to_save"
        " where place_code = ? and proposal_id = 'P1' group by 1 order by 1",
        case.INVEST,
    )
    m = MILLION
    assert found == [
        ("prog-dorset-council", True, False, Decimal("7.5") * m, 0, Decimal("-7.5") * m, 0, 0),
        ("prog-dorset-health", False, True, 0, 18 * m, 18 * m, 3 * m, 12 * m),
    ]
    totals = _rows(
        release,
        "select sum(net_benefit_gbp), any_value(payer_agencies), any_value(saver_agencies), bool_and(is_saver_another_agency),"
        " any_value(title) from mart_invest_to_save where place_code = ? and proposal_id = 'P1'",
        case.INVEST,
    )
    assert totals == [
        (Decimal("10.5") * m, "prog-dorset-council", "prog-dorset-health", True, "15% diverted from hospital"),
    ]  # fmt: skip
    by_year = "select sum(benefit_gbp) from mart_invest_to_save where place_code = ? and proposal_id = 'P1' group by financial_year"
    assert sorted(_rows(release, by_year, case.INVEST)) == [(6 * m,), (12 * m,)]


def test_a_title_that_names_a_person_is_withheld_the_money_is_not(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select distinct title, agency_slug, net_benefit_gbp from mart_invest_to_save where place_code = ? and proposal_id = 'P2'"
        " order by 2"
    )
    assert _rows(release, query, case.INVEST) == [
        (None, "prog-dorset-council", Decimal("-60.00")),
        (None, "prog-dorset-health", Decimal("300.00")),
    ]
    assert _rows(release, "select body_name from mart_governance_bodies where body_id = 'GB2'") == [(None,)]


def test_charities_of_an_account_stand_beside_all_its_money(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select theme_code, grant_gbp, contract_gbp, third_sector_gbp, consolidated_gbp, third_sector_share, coverage"
        " from mart_third_sector where place_code = ? order by 1",
        case.THIRD,
    )
    assert found == [
        ("crime_safety", 0, 0, 0, 80000, 0.0, "1 returned"),
        ("older_people", 2000, 3000, 5000, 20000, 0.25, "1 returned"),
    ]


def test_a_ledger_payee_is_a_charity_by_its_register_number_or_its_name(release: duckdb.DuckDBPyConnection) -> None:
    """Not by a company number, nor by a number of the payer's own; a public body stays one whatever stands beside it."""
    found = _rows(
        release,
        "select grant_or_contract_gbp, consolidated_gbp, third_sector_share, coverage_status from mart_third_sector"
        " where place_code = ?",
        case.LEDGER,
    )
    assert found == [(450, 1000, 0.45, "ledger_only")]
    payees = _rows(
        release,
        "select agency_slug, supplier_name, payee_charity_number, recognised_by, paid_gbp, awarded_gbp"
        " from mart_third_sector_payees where starts_with(agency_slug, 'prog-') order by all",
    )
    assert payees == [
        ("prog-ledger-lottery", "Tallwick Hospice", "1234567", "register", None, 1000),
        ("prog-ledger-lottery", None, "SC012345", "register", None, 30),
        ("prog-ledger-police", "Tallwick Charity", None, "name", 100, None),
        ("prog-ledger-police", "Tallwick Friends", "202918", "register", 50, None),
        ("prog-ledger-police", "Tallwick Hospice", "1234567", "register", 300, None),
    ]


def test_outcomes_stand_beside_spend_per_head_with_ranks_and_no_cause(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select place_code, outcome_value, outcome_rank, compared_place_count, theme_consolidated_per_head_gbp, spend_rank,"
        " compared_spend_count, population_vintage, note from mart_outcomes where indicator_code = 'PROGNEET' order by 1",
    )
    no_cause = "Spend and outcome stand side by side; no cause is claimed"
    assert found == [
        (case.COMPARED[0], 5.5, 2, 3, 400, 2, 3, "mid_2024", no_cause),
        (case.COMPARED[1], 3.5, 1, 3, 300, 3, 3, "mid_2024", no_cause),
        (case.COMPARED[2], 7.5, 3, 3, 600, 1, 3, "mid_2024", no_cause),
    ]


def test_a_place_with_nothing_to_compare_has_no_rank(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select outcome_rank, rank_reason, theme_consolidated_gbp, per_head_reason from mart_outcomes"
        " where indicator_code = 'PROGALONE'"
    )
    assert _rows(release, query) == [
        (None, "no other place of its type has the indicator in the year", None, "the outcome names no theme")
    ]


def test_prevalence_stands_with_its_response_rate(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select barrier_type, respondent_count, asked_agency_count, round(response_rate, 4), round(prevalence, 4), mean_severity"
        " from mart_culture_barriers where place_code = ? and barrier_type = 'boundary'",
        culture.ASKED,
    )
    assert found == [("boundary", 6, 7, 0.8571, 0.3333, 4.0)]


def test_perception_gap_with_three_a_side_and_suppressed_with_two(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select place_code, barrier_type, round(perception_gap, 4), round(local_prevalence, 4), central_prevalence,"
        " round(severity_gap, 4), perception_gap_reason from mart_culture_barriers where place_code in (?, ?) order by all"
    )
    assert _rows(release, query, culture.ASKED, culture.FEW) == [
        (culture.ASKED, "boundary", 0.6667, 0.6667, 0.0, None, None),
        (culture.ASKED, "trust", 0.0, 1.0, 1.0, -0.6667, None),
        (culture.FEW, "trust", None, None, None, None,
         "suppressed: 3 local and 2 central respondents; three of each are needed"),
    ]  # fmt: skip


def test_what_became_of_barriers(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select barrier_type, report_count, lifted_count, median_days_to_lift, round(declined_share, 4),"
        " round(without_owner_share, 4) from mart_culture_barriers where place_code = ? order by 1",
        culture.ASKED,
    )
    assert found == [("boundary", 3, 2, 20.0, 0.0, 0.6667), ("trust", 6, 0, None, 0.1667, 0.8333)]


def test_money_behind_barriers_is_counted_once(release: duckdb.DuckDBPyConnection) -> None:
    """Two barriers and eight reports stand before older people's £40m: by barrier 50 and 40, by cell 50 and not 90."""
    by_barrier = "select barrier_type, money_behind_gbp from mart_culture_barriers where place_code = ? order by 1"
    assert _rows(release, by_barrier, culture.ASKED) == [("boundary", 50 * MILLION), ("trust", 40 * MILLION)]
    cells = "select theme_code, barrier_types, consolidated_gbp from mart_culture_barrier_cells where place_code = ? order by 1"
    assert _rows(release, cells, culture.ASKED) == [
        ("crime_safety", "boundary", 10 * MILLION),
        ("older_people", "boundary, trust", 40 * MILLION),
    ]


def test_no_money_behind_a_barrier_says_why(release: duckdb.DuckDBPyConnection) -> None:
    query = "select money_behind_gbp, money_behind_reason, coverage from mart_culture_barriers where place_code = ?"
    assert _rows(release, query, culture.FEW) == [
        (None, "no consolidated spend of the place and year stands under a theme it names", "no spending of the place is returned")
    ]


def test_enablers_are_words_of_the_list_or_other(release: duckdb.DuckDBPyConnection) -> None:
    query = "select enabler_type, mean_effect, median_days_to_lift from mart_culture_enablers where place_code = ? order by 1"
    assert _rows(release, query, culture.ASKED) == [("co_location", 4.0, 14.0), ("other", 4.0, 14.0)]


def test_pooling_is_a_ratio_of_the_same_cells_and_a_fund_reported_twice_is_one(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select theme_code, pooled_gbp, other_joint_gbp, consolidated_gbp, pooling_ratio, repeated_report_count"
        " from mart_culture_pooling where place_code = ? order by 1",
        culture.ASKED,
    )
    m = MILLION
    assert found == [("all", 10 * m, m, 100 * m, 0.1, 1), ("older_people", 8 * m, m, 40 * m, 0.2, 1)]
    spend = "select sum(consolidated_gbp) from mart_spend_by_place where place_code = ?"
    assert _rows(release, spend, culture.ASKED) == [(100 * m,)]


def test_boards_with_a_third_sector_seat_and_asks_answered(release: duckdb.DuckDBPyConnection) -> None:
    found = _rows(
        release,
        "select board_count, board_known_seats_count, third_sector_seat_share, board_deciding_money_count, ask_count,"
        " round(answered_share, 4), median_days_to_answer from mart_governance where place_code = ?",
        culture.BOARDS,
    )
    assert found == [(3, 2, 0.5, 2, 3, 0.6667, 20.0)]


def test_the_list_of_barrier_types_is_complete() -> None:
    allowed = {field.name: field.allowed_values for field in template_fields()["culture_barriers"]}
    assert list(allowed["barrier_type"]) == BARRIER_TYPES


def test_enabler_words_are_written_as_they_are_looked_up() -> None:
    """A word with a capital or a hyphen would never be found: reports are read in small letters, all else as a space."""
    with (PROJECT / "seeds" / "seed_enabler_types.csv").open(encoding="utf-8", newline="") as handle:
        words = [row["enabler_word"] for row in csv.DictReader(handle)]
    assert words == [" ".join(re.findall("[a-z0-9]+", word)) for word in words]


def test_every_column_of_the_programme_is_described(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select table_name, column_name from duckdb_columns() where comment is null and (table_name = 'dim_deflator' or"
        " regexp_matches(table_name, '^mart_(savings|invest|real|third|outcomes|culture|governance)'))"
    )
    assert _rows(release, query) == []
    tables = _rows(release, "select count(*) from duckdb_tables() where regexp_matches(table_name, '^mart_(culture|governance)')")
    assert tables == [(6,)]
