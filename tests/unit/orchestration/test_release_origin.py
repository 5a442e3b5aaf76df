"""What a release would be made of, and what is not made again."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import dagster as dg

from ingest.landing import Landing, now_utc
from orchestration.assets.release import release
from orchestration.release import origin_of
from orchestration.release_history import current_release, undo
from orchestration.resources import TotalPlace
from tests.unit.orchestration.release_helpers import Draft, publish_draft

RATES = "rate_name,value,source\nsaving,{},study\n"


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
    result = dg.materialize([release], resources={"totalplace": totalplace})
    (event,) = result.asset_materializations_for_node("release")
    assert "r2 was undone" in str(event.metadata["not_published"].value)
    current = current_release(home)
    assert current is not None and current.release_id == "r1"
