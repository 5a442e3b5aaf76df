"""What a run shows at its end: a withdrawn return is not among what is accepted; a place is chosen by code or name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingest.registry import load_registry
from orchestration.cli.run import codes_of
from orchestration.summary import release_summary


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release of one council: a return in service, one withdrawn, one held, one superseded; and three places in two areas."""
    with duckdb.connect(str(tmp_path / "totalplace.duckdb")) as connection:
        connection.execute(
            "create table qa_return_ledger as select 'ayle' as agency_slug, 'ayle' as publisher_slug, * from (values"
            " ('june.csv', 'in_service', 4, 1, 1, 10.50::decimal(18, 2)), ('july.csv', 'held', 7, 0, 1, 70.00),"
            " ('may.csv', 'held', 0, 9, 0, 0.00), ('april.csv', 'superseded', 8, 0, 0, 80.00))"
            " as t (file_name, status, accepted_count, quarantined_count, excluded_count, accepted_gbp)"
        )
        connection.execute(
            "create table qa_findings as"
            " select 'ayle' as agency_slug, 'ayle' as publisher_slug, 'warning' as severity, * from (values"
            " ('replaced_file_is_earlier_revision', 'june.csv', 'of two files', 5.00::decimal(18, 2)),"
            " ('bytes_have_one_publisher', 'may.csv', 'the same bytes', 50.00), ('amount_parses', 'may.csv', 'no amount', 9.00))"
            " as t (rule_id, file_name, message, amount_gbp)"
        )
        connection.execute(
            "create table qa_returns as select 'july.csv' as file_name, 'withdrawn: x' as hold_reason, 'held' as status"
        )
        connection.execute(
            "create table mart_spend_by_place as select place_code, place_code as place_name, '2024-25' as financial_year,"
            " 1.00::decimal(18, 2) as aggregate_gbp, 0.00::decimal(18, 2) as eliminated_gbp,"
            " 1.00::decimal(18, 2) as consolidated_gbp,"
            " 'gross' as expenditure_basis from (values ('X1'), ('X2'), ('X3')) as t (place_code)"
        )
        connection.execute("create table mart_coverage (place_code varchar, financial_year varchar, coverage_status varchar)")
        connection.execute(
            "create table mart_duplication_overlap (place_code varchar, financial_year varchar, grade_scope varchar, lens varchar,"
            " overlap_gbp decimal(18, 2))"
        )
        connection.execute(
            "create table dim_area as select * from (values ('A1', 'X1'), ('A1', 'X2')) as t (area_code, place_code)"
        )
    return tmp_path


def test_a_withdrawn_return_is_not_among_what_is_accepted(release: Path) -> None:
    (agency,) = release_summary(release)["agencies"]
    assert (agency["accepted_count"], agency["accepted_gbp"]) == (4, Decimal("10.50"))
    assert (agency["withdrawn_count"], agency["withdrawn_gbp"]) == (7, Decimal("70.00"))
    assert (agency["file_count"], agency["quarantined_count"], agency["excluded_count"]) == (3, 10, 2)


def test_files_that_may_not_be_what_they_were_taken_for_are_shown(release: Path) -> None:
    found = [(row["file_name"], row["message"]) for row in release_summary(release)["doubtful"]]
    assert found == [("may.csv", "the same bytes"), ("june.csv", "of two files")]


@pytest.mark.parametrize(("codes", "places"), [([], "X1 X2 X3"), (["X3"], "X3"), (["A1"], "X1 X2"), (["A1", "X3"], "X1 X2 X3")])
def test_places_and_those_of_areas_are_shown(release: Path, codes: list[str], places: str) -> None:
    assert [row["place_code"] for row in release_summary(release, codes)["places"]] == places.split()


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("E07000120", ["E07000120"]),
        (" hyndburn ", ["E07000120"]),
        ("Barnsley", ["E08000016", "E08000038"]),  # before and after its boundary moved
        ("Birmingham", ["E08000025"]),  # the place, not the pilot area of that name
        ("TP-BIRMINGHAM", ["TP-BIRMINGHAM"]),
        ("west sussex", ["E10000032", "E31000037"]),
    ],
)
def test_a_run_shows_a_place_or_area_by_code_or_name(words: str, codes: list[str]) -> None:
    assert codes_of(words, load_registry(None)) == codes


def test_a_place_that_is_none_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        codes_of("Barnsly", load_registry(None))
    assert ended.value.code == 2
    assert "--place Barnsly: neither a place nor an area that is known; near it are E08000038 Barnsley" in capsys.readouterr().err
