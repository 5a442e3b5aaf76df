"""Past states of a place's registry: kept when they change, and used for what counts money, never for how files are read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingest.home import Home
from ingest.landing import Landing
from ingest.registry import load_registry
from ingest.registry.states import as_known

RATES, AGENCIES = "rate_name,value,source\nsaving,{},study\n", "agency_slug,agency_name,agency_type\n{},A Council,la_unitary\n"


def land(tmp_path: Path, day: int, rate: str, slug: str) -> Home:
    registry = tmp_path / "returns" / "registry"
    registry.mkdir(parents=True, exist_ok=True)
    (registry / "rates.csv").write_text(RATES.format(rate))
    (registry / "agencies.csv").write_text(AGENCIES.format(slug))
    home = Home(tmp_path / "home")
    Landing(home, lambda: datetime(2026, 1, day)).land_folder(tmp_path / "returns")
    return home


def test_what_counts_is_as_known_and_what_reads_is_todays(tmp_path: Path) -> None:
    land(tmp_path, 1, "0.1", "first-council")
    home = land(tmp_path, 5, "0.2", "second-council")
    today = load_registry(home.root / "registry")
    past = as_known(home, today, datetime(2026, 1, 3))
    assert [row["value"] for row in past.extension["rates"]] == ["0.1"]
    assert [row["agency_slug"] for row in past.extension["agencies"]] == ["second-council"]
    assert past.fingerprint != today.fingerprint
    assert as_known(home, today, datetime(2026, 1, 5)).extension == today.extension


def test_a_file_that_came_later_was_not_known(tmp_path: Path) -> None:
    land(tmp_path, 1, "0.1", "a-council")
    (tmp_path / "returns" / "registry" / "areas.csv").write_text("area_code,area_name,place_code\nA1,An area,E07000120\n")
    home = land(tmp_path, 5, "0.1", "a-council")
    today = load_registry(home.root / "registry")
    assert "areas" in today.extension and "areas" not in as_known(home, today, datetime(2026, 1, 3)).extension


def test_a_state_is_kept_only_when_it_changed(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        home = land(tmp_path, day, "0.1", "a-council")
    assert len(list((home.landing / "registry").glob("*.json"))) == 1
    land(tmp_path, 4, "0.3", "a-council")
    assert len(list((home.landing / "registry").glob("*.json"))) == 2


def test_before_the_first_state_kept_the_registry_is_todays(tmp_path: Path) -> None:
    home = land(tmp_path, 5, "0.2", "a-council")
    today = load_registry(home.root / "registry")
    assert as_known(home, today, datetime(2025, 12, 31)) is today
