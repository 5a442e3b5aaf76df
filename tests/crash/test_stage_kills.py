"""Kill points of the stages: after each, readers see something whole, a run heals, and it makes what an unstopped run makes.

The stages run in processes of their own that fork (`tests.crash`); `make crash` tries every point, and thousands at random.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.durable import written_aside
from tests.crash import document, stages, suite
from tests.crash.killer import MODES
from tests.crash.suite import Point, in_child, try_stage

pytestmark = [pytest.mark.integration, pytest.mark.slow]
REPOSITORY = Path(__file__).resolve().parents[2]
POINTS = {"landing": 75, "check": 60, "publish": 45, "undo": 20, "decisions": 45, "build": 4}


def test_there_are_at_least_two_hundred_points() -> None:
    assert sum(POINTS.values()) >= 240
    assert POINTS.keys() == stages.STAGES.keys() == stages.TITLES.keys()


@pytest.mark.parametrize("stage", POINTS)
def test_a_stage_that_is_killed_anywhere_heals(stage: str) -> None:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.crash",
        stage,
        "--count",
        str(POINTS[stage] * (10 if stage == "build" else 1)),
        "--seed",
        "6",
        "--json",
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode in (0, 1), done.stderr
    (tally,) = json.loads(done.stdout)
    assert tally["faults"] == [], "\n".join(tally["faults"][:3])
    assert tally["tried"] == POINTS[stage]
    assert tally["killed"] >= (POINTS[stage] - tally["timed"]) * 0.9, tally


def test_lines_of_an_earlier_reading_are_gone_wherever_it_is_stopped() -> None:
    """Between the new record and taking away what it no longer names, nobody would have looked for it again."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.crash", "check", "--near", "os.remove lake/spend", "--json"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode in (0, 1), done.stderr
    (tally,) = json.loads(done.stdout)
    assert tally["faults"] == [] and tally["killed"] >= 2 * suite.NEAR, tally


class Careless(stages.Stage):
    """How not to do it: in place, not flushed, the file that names the other first."""

    def run(self) -> None:
        self.root.mkdir(exist_ok=True)
        (self.root / "index.json").write_text(json.dumps({"of": "data.json"}))
        (self.root / "data.json.part").write_text(json.dumps({"pounds": "1.00"}))
        (self.root / "data.json.part").replace(self.root / "data.json")

    def prepare(self) -> None:
        self.root.mkdir()

    def seen(self) -> None:
        if (self.root / "index.json").exists():
            index = json.loads((self.root / "index.json").read_text())
            json.loads((self.root / index["of"]).read_text())

    def state(self) -> dict[str, Any]:
        return stages.tree(self.root)


def test_the_suite_sees_what_is_not_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(suite.STAGES, "careless", Careless)
    points = [Point("stop", 2), Point("torn", 1), Point("torn", 3), Point("power", 3)]
    tally = try_stage("careless", lambda _: iter(points), tmp_path)
    assert (tally.tried, tally.killed, len(tally.faults)) == (4, 4, 4), tally.faults


class Careful(Careless):
    """How to do it: aside, in place of what was there, twice."""

    def run(self) -> None:
        for name in ("data.json", "data.json", "index.json"):
            with written_aside(self.root / name) as aside:
                aside.write_text(json.dumps({"of": "data.json"}))

    def state(self) -> dict[str, Any]:
        return {path.name: path.read_text() for path in self.root.glob("*.json")}


def test_the_run_that_heals_is_stopped_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(suite.STAGES, "careful", Careful)
    points = [Point(mode, at, again=again) for mode in MODES for at in (1, 8, 14) for again in (3, 9, 14)]
    tally = try_stage("careful", lambda _: iter(points), tmp_path)
    assert (tally.tried, tally.killed, tally.faults) == (len(points), len(points), []), tally.faults


def test_a_child_says_what_went_wrong() -> None:
    assert in_child(lambda: 1 + 1) == (0, 2)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        in_child(lambda: 1 / 0)


def test_the_page_of_faults_is_what_there_is() -> None:
    page = document.PAGE.read_text()
    assert document.fault_table() in page
    assert [title for title in stages.TITLES.values() if f"| {title} |" not in page] == []
    for _, _, file, test in document.OTHERS:
        assert f"def {test}(" in (REPOSITORY / file).read_text(), test
    assert f"CI tries {sum(POINTS.values())} points" in page
