"""kill -9 of the whole process, ten times in one home, from the first landing to just before `current` moves; then one run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ingest.home import Home
from orchestration.release_history import current_release
from tests.crash.stages import BEFORE, Publish, _whole_release, origin
from tests.crash.suite import in_child

pytestmark = [pytest.mark.integration, pytest.mark.slow]
REPOSITORY = Path(__file__).resolve().parents[2]

# A process like `totalplace run`, on a clock that stands still, so that what two homes hold can be compared; it says where it is.
RUNNER = """
import os, sys, time, warnings
warnings.filterwarnings("ignore")
from datetime import datetime
from pathlib import Path
from orchestration.resources import TotalPlace
TotalPlace.now = lambda self: datetime(2026, 1, 6, 9)
from ingest.home import Home
from orchestration.pipeline import run_pipeline
from tests.crash.killer import Killer
for line in sys.stdin:
    home, returns, at = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if pid == 0:
        def operation(event, args):
            if event == "os.rename" and str(args[1]).startswith(home + "/"):
                print("\\n@ " + str(args[1])[len(home) + 1:], flush=True)
        sys.addaudithook(operation)
        outcome = run_pipeline(Home(Path(home)), Path(returns), lambda words: print("\\n# " + words, flush=True))
        print("\\n= " + outcome.status, flush=True)
        os._exit(0)
    print(f"\\n! {pid}", flush=True)
    os.waitpid(pid, 0)
    print("\\n.", flush=True)
"""
# What the process says just before it is killed, and how long after, in seconds.
KILLS = (
    ("@ landing/objects", 0.0), ("@ landing/receipts", 0.0), ("@ build/readings", 0.05), ("@ lake/spend", 0.0),
    ("@ lake/_records", 0.0), ("@ reports/", 0.02), ("# building the warehouse", 0.2), ("@ build/warehouse.duckdb", 0.0),
    ("@ build/warehouse.duckdb", 3.0), ("@ releases/2026", 0.0),
)  # fmt: skip


class Runner:
    """The process that forks runs: what it imports is imported once."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", RUNNER], cwd=REPOSITORY, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, home: Home, returns: Path, kill_at: tuple[str, float] | None = None) -> str:
        """How a run ended: its status, or `killed`, once it was where `kill_at` says."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{home.root}\t{returns}\t\n")
        self.process.stdin.flush()
        pid, ended = 0, "failed"
        for line in self.process.stdout:
            if line.startswith("! "):
                pid = int(line[2:])
            elif line.startswith("= "):
                ended = line[2:].strip()
            elif line.startswith("."):
                return ended
            elif kill_at and ended != "killed" and line.startswith(kill_at[0]):
                time.sleep(kill_at[1])
                os.kill(pid, signal.SIGKILL)
                ended = "killed"
        raise AssertionError("the process that runs ended")


@pytest.fixture(scope="module")
def runner() -> Any:
    runner = Runner()
    yield runner
    runner.process.kill()
    runner.process.wait()


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
    assert killed.warehouse.exists() and len(list(killed.releases.glob("*/manifest.json"))) >= 2
    assert runner.run(killed, returns) == "published"
    assert content(killed) == content(never)
    in_child(lambda: _whole_release(current_release(killed)))
    assert not [p for p in killed.root.rglob(".*.part") if "dagster" not in p.parts], "nothing half done is left"
    assert old.manifest["input_fingerprint"] == origin("first").fingerprint
    assert runner.run(killed, returns) == "unchanged"
