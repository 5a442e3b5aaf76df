"""What a release would be made of, and what is not made again."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from ingest.landing import Landing, now_utc
from ingest.revisions import decide_revisions
from orchestration.assets.release import release
from orchestration.origin import keep_origin, kept_origin, origin_of
from orchestration.release_history import current_release, undo
from orchestration.resources import TotalPlace
from tests.unit.ingest.test_records import file_record, part_record
from tests.unit.orchestration.release_helpers import Draft, publish_draft

RATES = "rate_name,value,source\nsaving,{},study\n"


def prepared(totalplace: TotalPlace) -> None:
    """A working database with a mart, made of what there is now."""
    totalplace.home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(totalplace.home.warehouse)) as connection:
        connection.execute("create schema run")
        connection.execute("create table mart_x as select 1 as one")
    keep_origin(totalplace.home.warehouse, origin_of(totalplace))


def test_a_past_instant_is_counted_by_the_registry_of_then(tmp_path: Path) -> None:
    registry = tmp_path / "returns" / "registry"
    registry.mkdir(parents=True)
    totalplace = TotalPlace(home_path=str(tmp_path / "home"))
    for day, rate in ((1, "0.1"), (5, "0.2")):
        (registry / "rates.csv").write_text(RATES.format(rate))
        at = datetime(2026, 1, day)
        Landing(totalplace.home, lambda at=at: at).land_folder(tmp_path / "returns")
    past = TotalPlace(home_path=str(tmp_path / "home"), as_known_on="2026-01-03T00:00:00")
    rates = [[row["value"] for row in place.counting_registry().extension["rates"]] for place in (totalplace, past)]
    assert rates == [["0.2"], ["0.1"]]
    assert past.registry().fingerprint == totalplace.registry().fingerprint  # files are read by the registry of today
    now, then = origin_of(totalplace), origin_of(past)
    assert now.made_with["registry"] != then.made_with["registry"] and now.fingerprint != then.fingerprint


def test_the_asset_publishes_nothing_that_was_undone(tmp_path: Path) -> None:
    totalplace = TotalPlace(home_path=str(tmp_path / "home"))
    home = totalplace.home
    publish_draft(home, "r1", Draft())
    publish_draft(home, "r2", Draft())
    manifest = home.releases / "r2" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"input_fingerprint": origin_of(totalplace).fingerprint}))
    undo(home, now_utc())
    prepared(totalplace)
    result = dg.materialize([release], resources={"totalplace": totalplace})
    (event,) = result.asset_materializations_for_node("release")
    assert "r2 was undone" in str(event.metadata["not_published"].value)
    current = current_release(home)
    assert current is not None and current.release_id == "r1"


def test_a_release_says_what_it_was_built_of_not_what_came_meanwhile(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A return withdrawn while the warehouse is built is in the release: whoever runs next has to see that, and build again."""
    registry = tmp_path / "returns" / "registry"
    registry.mkdir(parents=True)
    (registry / "rates.csv").write_text(RATES.format("0.1"))
    totalplace = TotalPlace(home_path=str(tmp_path / "home"))
    Landing(totalplace.home, now_utc).land_folder(tmp_path / "returns")
    prepared(totalplace)
    before = origin_of(totalplace)
    assert kept_origin(totalplace.home.warehouse) == before
    (registry / "rates.csv").write_text(RATES.format("0.2"))
    Landing(totalplace.home, now_utc).land_folder(tmp_path / "returns")
    assert origin_of(totalplace).fingerprint != before.fingerprint
    dg.materialize([release], resources={"totalplace": totalplace})
    current = current_release(totalplace.home)
    assert current is not None and current.manifest["input_fingerprint"] == before.fingerprint
    assert "changed since the working database was prepared" in capfd.readouterr().err


def test_a_working_database_that_does_not_say_what_it_is_made_of_is_not_published(tmp_path: Path) -> None:
    totalplace = TotalPlace(home_path=str(tmp_path / "home"))
    for is_there in (False, True):
        if is_there:
            totalplace.home.warehouse.parent.mkdir(parents=True)
            duckdb.connect(str(totalplace.home.warehouse)).close()
        assert kept_origin(totalplace.home.warehouse) is None
        result = dg.materialize([release], resources={"totalplace": totalplace}, raise_on_error=False)
        assert not result.success and current_release(totalplace.home) is None


def test_an_unusable_row_and_a_month_that_ended_make_another_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = tmp_path / "returns" / "registry"
    registry.mkdir(parents=True)
    totalplace = TotalPlace(home_path=str(tmp_path / "home"))
    found = []
    for row in ("", ",0.3,\n"):
        (registry / "rates.csv").write_text(RATES.format("0.1") + row)
        Landing(totalplace.home, now_utc).land_folder(tmp_path / "returns")
        found.append(origin_of(totalplace).fingerprint)
    revisions = decide_revisions([file_record(part_record())])  # of 2024-25
    for day in (date(2024, 8, 1), date(2024, 8, 31), date(2024, 9, 1), date(2025, 4, 1), date(2031, 1, 1)):
        monkeypatch.setattr(TotalPlace, "now", lambda _, day=day: datetime(day.year, day.month, day.day))
        found.append(origin_of(totalplace, revisions).fingerprint)
    assert len(set(found)) == 5
    assert found[2] == found[3] and found[5] == found[6], "within a month, and when the year is over, nothing changes"
