"""Past states of a place's registry: kept when they change, and used for what counts money, never for how files are read."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ingest import landing
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


def test_a_row_of_the_past_may_be_about_an_agency_and_a_place_that_are_known_today(tmp_path: Path) -> None:
    """Who there is, and where, is always today's: a row of then that was about them counts in a past state too."""
    folder = tmp_path / "returns" / "registry"
    folder.mkdir(parents=True)
    (folder / "agency_places.csv").write_text("agency_slug,place_code\na-council,X1\nno-council,X1\n")
    (folder / "places.csv").write_text("place_code,place_name\nX2,Another place\n")
    land(tmp_path, 1, "0.1", "A slip")
    (folder / "places.csv").write_text("place_code,place_name\nX1,A place\n")
    home = land(tmp_path, 5, "0.2", "a-council")
    today = load_registry(home.root / "registry")
    past = as_known(home, today, datetime(2026, 1, 3))
    assert [row["value"] for row in past.extension["rates"]] == ["0.1"]
    assert [row["agency_slug"] for row in past.extension["agency_places"]] == ["a-council"]


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


def test_a_faulty_policy_lands_nothing_and_the_one_before_stays_in_force(tmp_path: Path) -> None:
    policy = tmp_path / "returns" / "registry" / "personal_data.csv"
    policy.parent.mkdir(parents=True)
    policy.write_text("kind,field,action,reason\nspend,payee_name,drop,carers\n")
    home = land(tmp_path, 1, "0.1", "a-council")
    policy.write_text("kind,field,action,reason\nspend,payee_nmae,drop,carers\n")
    (tmp_path / "returns" / "a-council").mkdir()
    (tmp_path / "returns" / "a-council" / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RegistryError, match=r"personal_data\.csv row 2 is not in force"):
        land(tmp_path, 2, "0.1", "a-council")
    assert [row["field"] for row in load_registry(home.root / "registry").extension["personal_data"]] == ["payee_name"]
    assert Landing(home).receipts() == ()


def test_a_policy_that_was_faulty_in_the_past_stops_no_past_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Homes of before kept such states; which fields are withheld is always today's."""
    policy = tmp_path / "returns" / "registry" / "personal_data.csv"
    policy.parent.mkdir(parents=True)
    policy.write_text("kind,field,action,reason\nspend,payee_nmae,drop,carers\n")
    with monkeypatch.context() as patched:
        patched.setattr(landing, "refuse_faulty_policy", lambda _: None)
        land(tmp_path, 1, "0.1", "a-council")
    policy.write_text("kind,field,action,reason\nspend,payee_name,drop,carers\n")
    home = land(tmp_path, 5, "0.2", "a-council")
    past = as_known(home, load_registry(home.root / "registry"), datetime(2026, 1, 3))
    assert [row["value"] for row in past.extension["rates"]] == ["0.1"]
    assert [row["field"] for row in past.extension["personal_data"]] == ["payee_name"]
