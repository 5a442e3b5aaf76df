"""The gate before a release: it opens on a count that adds up and closes on one penny, in whichever identity it is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingest.home import Home
from orchestration.checks.gates import every_pound_is_in_one_place
from orchestration.resources import TotalPlace

pytestmark = [pytest.mark.golden, pytest.mark.slow]


@pytest.fixture
def counted(scenario_home: Home, tmp_path: Path) -> Iterator[Home]:
    """A home with the working database of the scenarios, to be spoilt."""
    home = Home(tmp_path / "home")
    home.warehouse.parent.mkdir(parents=True)
    shutil.copyfile(scenario_home.warehouse, home.warehouse)
    yield home


def _gate(home: Home) -> dg.AssetCheckResult:
    result = every_pound_is_in_one_place(totalplace=TotalPlace(home_path=str(home.root)))
    assert isinstance(result, dg.AssetCheckResult)
    return result


def test_the_gate_opens_on_a_count_that_adds_up(counted: Home) -> None:
    result = _gate(counted)
    assert result.passed
    statements = result.metadata["statements"].value
    assert isinstance(statements, int) and statements > 100


@pytest.mark.parametrize(
    ("spoil", "identity"),
    [
        ("update main.mart_statement set file_gbp = file_gbp + 0.01 where agency_slug = 'whole-fire'", "file = accepted"),
        ("update main.mart_statement set eliminated_gbp = eliminated_gbp - 0.01 where agency_slug = 'whole-icb'", "accepted = "),
        ("update main.mart_statement set unexplained_gbp = 0 where agency_slug = 'whole-council'", "resources in - "),
        ("update main.qa_conservation set difference_gbp = 0.01 where agency_slug = 'whole-dwp'", ""),
        ("update main.qa_conservation set difference_gbp = null where agency_slug = 'whole-dwp'", ""),
    ],
)
def test_the_gate_closes_on_a_penny(counted: Home, spoil: str, identity: str) -> None:
    with duckdb.connect(str(counted.warehouse)) as connection:
        connection.execute(spoil)
    result = _gate(counted)
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.ERROR
    assert "do not add up: the release is stopped" in (result.description or "")
    shown = str(result.metadata["statements_that_do_not_add_up"].value)
    assert identity in shown and "whole-" in shown


def test_the_gate_closes_when_nothing_was_counted(counted: Home) -> None:
    with duckdb.connect(str(counted.warehouse)) as connection:
        connection.execute("delete from main.mart_statement")
        connection.execute("delete from main.qa_conservation")
    assert not _gate(counted).passed
