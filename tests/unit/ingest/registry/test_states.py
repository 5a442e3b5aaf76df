"""Past states of a place's registry: kept when they change, and used for what counts money, never for how files are read."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.landing import Landing
from ingest.registry import RegistryError, load_registry
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


def test_a_clock_that_goes_back_does_not_bring_an_old_registry_back(tmp_path: Path) -> None:
    land(tmp_path, 5, "0.1", "a-council")
    home = land(tmp_path, 2, "0.2", "a-council")
    assert [row["value"] for row in load_registry(home.root / "registry").extension["rates"]] == ["0.2"]
    home = land(tmp_path, 3, "0.2", "a-council")
    assert len(list((home.landing / "registry").glob("*.json"))) == 2


def test_the_kept_copy_is_that_of_the_last_state_whatever_a_stop_left(tmp_path: Path) -> None:
    home = land(tmp_path, 1, "0.1", "a-council")
    shutil.rmtree(tmp_path / "returns" / "registry")
    (home.root / "registry" / "rates.csv").write_text("torn")
    (home.root / "registry" / "agencies.csv").unlink()
    (home.root / "registry" / "areas.csv").write_text("of nobody")
    Landing(home).land_folder(tmp_path / "returns")
    kept = {path.name: path.read_text() for path in (home.root / "registry").iterdir()}
    assert kept == {"rates.csv": RATES.format("0.1"), "agencies.csv": AGENCIES.format("a-council")}


def test_a_kept_copy_that_is_damaged_twice_is_asked_for_again(tmp_path: Path) -> None:
    home = land(tmp_path, 1, "0.1", "a-council")
    shutil.rmtree(tmp_path / "returns" / "registry")
    for path in [*home.objects.rglob("*"), *(home.root / "registry").iterdir()]:
        if path.is_file():
            path.write_text("torn")
    with pytest.raises(RegistryError, match=r"the copy that was kept of it is damaged; put registry/agencies.csv into the returns"):
        Landing(home).land_folder(tmp_path / "returns")


def test_a_damaged_state_is_kept_anew(tmp_path: Path) -> None:
    home = land(tmp_path, 1, "0.1", "a-council")
    (state,) = (home.landing / "registry").glob("*.json")
    state.write_bytes(b"\xff{")
    land(tmp_path, 2, "0.1", "a-council")
    assert len(list((home.landing / "registry").glob("*.json"))) == 2
    assert load_registry(home.root / "registry").extension["rates"]
