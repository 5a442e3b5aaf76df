"""kill -9 of the whole process, ten times in one home, from the first landing to just before `current` moves; then one run."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration.release_history import current_release, list_releases
from tests.crash.stages import BEFORE, Publish, _whole_release, origin
from tests.crash.suite import in_child

pytestmark = [pytest.mark.integration, pytest.mark.slow]
REPOSITORY = Path(__file__).resolve().parents[2]

# A process like `totalplace run`, on a clock that stands still, so that what two homes hold can be compared. It forks a run for
# each line it is given, and the run kills itself just before it puts something in place whose path begins so, or a while after.
RUNNER = """
import os, signal, sys, threading, warnings
warnings.filterwarnings("ignore")
from datetime import datetime
from pathlib import Path
from orchestration.resources import TotalPlace
TotalPlace.now = lambda self: datetime(2026, 1, 6, 9)
from ingest.home import Home
from orchestration.pipeline import run_pipeline

PLACING = ("os.rename", "os.link")

def die():
    os.kill(os.getpid(), signal.SIGKILL)

for line in sys.stdin:
    home, returns, path, delay = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if pid == 0:
        def operation(event, args):
            placed = str(args[1]) if event in PLACING else ""
            if path and placed.startswith(home + "/" + path):
                threading.Timer(float(delay), die).start() if float(delay) else die()
        sys.addaudithook(operation)
        sys.stdout.write("=" + run_pipeline(Home(Path(home)), Path(returns), lambda words: None).status + "\\n")
        sys.stdout.flush()
        os._exit(0)
    print(f".{os.waitpid(pid, 0)[1]}", flush=True)
"""
# What the process was about to put in place when it was killed; or how long after that, in seconds: a small part of what the
# stage takes, so that a faster machine is not done by then.
KILLS = (
    ("landing/objects", 0.0), ("landing/receipts", 0.0), ("build/readings", 0.02), ("lake/spend", 0.0), ("lake/_records", 0.0),
    ("reports/", 0.02), ("build/warehouse.duckdb", 0.0), ("build/warehouse.duckdb", 0.5), ("build/kept/warehouse.duckdb", 0.0),
    ("releases/current", 0.0),
)  # fmt: skip


class Runner:
    """The process that forks runs: what it imports is imported once."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", RUNNER], cwd=REPOSITORY, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, home: Home, returns: Path, kill_at: tuple[str, float] = ("", 0.0)) -> str:
        """How a run ended: its status, or `killed`."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{home.root}\t{returns}\t{kill_at[0]}\t{kill_at[1]}\n")
        self.process.stdin.flush()
        status = "failed"
        for line in self.process.stdout:
            if line.startswith("="):
                status = line[1:].strip()
            elif line.startswith("."):
                return "killed" if int(line[1:]) == signal.SIGKILL else status
        raise AssertionError("the process that runs ended")


@pytest.fixture(scope="module")
def runner() -> Any:
    runner = Runner()
    yield runner
    runner.process.kill()
    runner.process.communicate()


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory, example_returns: Path) -> Path:
    """A few returns of the example place."""
    folder = tmp_path_factory.mktemp("process") / "returns"
    shutil.copytree(example_returns / "registry", folder / "registry")
    for name in ("exampleshire-fire", "exampleshire-icb", "exampleshire-police"):
        shutil.copytree(example_returns / name, folder / name)
    return folder


def content(home: Home) -> dict[str, Any]:
    manifest = json.loads((home.current_release / "manifest.json").read_text())
    tables = {name: (facts["content_hash"], facts["row_count"], facts["sums_gbp"]) for name, facts in manifest["tables"].items()}
    return {"tables": tables, "inputs": manifest["inputs"], "fingerprint": manifest["input_fingerprint"]}


def test_a_process_killed_ten_times_makes_what_one_never_killed_makes(runner: Runner, returns: Path, tmp_path: Path) -> None:
    never, killed = Home(tmp_path / "never"), Home(tmp_path / "killed")
    assert runner.run(never, returns) == "published"
    in_child(lambda: Publish(killed.root).prepare())  # what readers had before
    old = current_release(killed)
    assert old is not None and old.manifest["created_at"] == BEFORE.isoformat()
    for kill_at in KILLS:
        assert runner.run(killed, returns, kill_at) == "killed", kill_at
        current = current_release(killed)
        assert current == old, "readers keep the release before"
        in_child(lambda: _whole_release(current_release(killed)))
    assert len(list_releases(killed)) == 2, "the second is complete, only its becoming current is missing"
    assert runner.run(killed, returns) == "published"
    assert content(killed) == content(never)
    in_child(lambda: _whole_release(current_release(killed)))
    assert not [p for p in killed.root.rglob(".*.part") if "dagster" not in p.parts], "nothing half done is left"
    assert old.manifest["input_fingerprint"] == origin("first").fingerprint
    assert runner.run(killed, returns) == "unchanged"
